"""The Spark session of a job: Glue's, with the Iceberg tables of the deployment as `glue_catalog`.

Nothing here knows where it runs. The Iceberg libraries come with ``--datalake-formats iceberg``, and
endpoint, region and credentials from the environment, as for any AWS client.
"""

from pyspark.sql import SparkSession

from dst.s3_uri import S3Uri

CATALOG = "glue_catalog"


def session(name: str, warehouse: S3Uri) -> SparkSession:
    """Start the session, or return the one there is.

    Args:
        name: shown by Spark.
        warehouse: where tables live which are created without a location.
    """
    catalog = f"spark.sql.catalog.{CATALOG}"
    settings = {
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.type": "glue",
        f"{catalog}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        f"{catalog}.warehouse": str(warehouse),
        # A cached table would hide what others have committed since, and with it conflicts.
        f"{catalog}.cache-enabled": "false",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    builder = SparkSession.builder.appName(name)
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
