"""Records to rows, on the shared Spark session."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from dst import contract
from dst.lake import RawObject
from dst.run import Run
from dst.s3_uri import S3Uri
from etl.ingest_raw_data import counts, records
from etl.ingest_raw_data.read import SourceFile
from etl.ingest_raw_data.records import Record
from etl.ingest_raw_data.sources import DEFAULT
from etl.ingest_raw_data.transform import transform_data

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark")

RUN = Run("ingest_raw_data", "etl.ingest_raw_data", "jr_1", datetime(2024, 5, 6, 7, 8, 9, 123456))
FILE = "s3://raw/signals/x/a.csv"
GOOD = Record(
    FILE, 2, "", None, "temperature", datetime(2023, 12, 31, 23, 59, 59), 21.5, "degC", "x", None, None
)
OLD = GOOD._replace(line_number=3, observed_at=datetime(1700, 1, 1))
BAD = Record(
    FILE, 4, "JAN", "the,line", "temperature", None, None, None, "x", "value_missing", "there is no value"
)


@pytest.fixture(scope="module")
def read(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame(records.arrow_batch([GOOD, OLD, BAD]).to_pandas(), records.SPARK_SCHEMA)


def test_rows_have_the_columns_of_their_contracts_and_what_the_run_adds(read: DataFrame) -> None:
    rows = transform_data(read, RUN)
    for frame, table in ((rows.observations, "observations"), (rows.quarantine, "observations_quarantine")):
        promised = contract.load("etl.ingest_raw_data", table)
        types = {name: kind.upper() for name, kind in frame.dtypes}
        assert types == {column.name: contract.SPARK_TYPES[column.type] for column in promised.columns}
    old, good = sorted(rows.observations.collect(), key=lambda row: row["observed_at"])
    assert (good["signal_name"], good["observed_at"], good["value"]) == (
        "temperature",
        GOOD.observed_at,
        21.5,
    )
    assert (good["observed_year"], good["observed_month"]) == (2023, 12)
    assert (old["observed_year"], old["observed_month"]) == (1700, 1)
    assert (good["run_id"], good["ingested_at"]) == ("jr_1", RUN.began_at)
    (bad,) = rows.quarantine.collect()
    assert (bad["reason_code"], bad["raw_line"], bad["line_number"]) == ("value_missing", "the,line", 4)
    assert (bad["column_name"], bad["run_id"], bad["quarantined_at"]) == ("JAN", "jr_1", RUN.began_at)


def test_each_file_is_counted_the_empty_one_too(read: DataFrame) -> None:
    files = [
        SourceFile(RawObject(S3Uri.parse(uri), "e", 1), DEFAULT) for uri in (FILE, "s3://raw/signals/x/b.csv")
    ]
    counted = counts.count(read, files)
    assert [(each.source_file, each.written, dict(each.reasons)) for each in counted] == [
        (FILE, 2, {"value_missing": 1}),
        ("s3://raw/signals/x/b.csv", 0, {}),
    ]
