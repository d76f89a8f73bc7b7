"""Iceberg tables in the Glue catalog, made and checked from their contracts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dst.contract import SPARK_TYPES, Contract
from dst.errors import TableError
from dst.s3_uri import S3Uri
from dst.spark import CATALOG

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_ICEBERG_TYPES = {
    "BOOLEAN": "boolean",
    "INT": "int",
    "BIGINT": "long",
    "DOUBLE": "double",
    "STRING": "string",
    "DATE": "date",
    "TIMESTAMP_NTZ": "timestamp",
}


@dataclass(frozen=True)
class Table:
    """A table as it was at one moment.

    Attributes:
        name: with catalog and database.
        contract: what it promises.
        handle: Iceberg's own ``org.apache.iceberg.Table``.
        snapshot_id: of that moment, None if nothing had ever been committed.
    """

    spark: SparkSession
    name: str
    contract: Contract
    handle: Any
    snapshot_id: int | None

    def read(self) -> DataFrame:
        """Its rows at that moment, whatever has been committed since."""
        if self.snapshot_id is None:
            return self.spark.createDataFrame([], self.contract.spark_schema())
        return self.spark.read.option("snapshot-id", self.snapshot_id).table(self.name)


def open_or_create(spark: SparkSession, database: str, contract: Contract, location: S3Uri) -> Table:
    """Open a table as it is now; create it first if it is missing.

    Raises:
        TableError: its columns are not the contract's.
    """
    name = f"{CATALOG}.{database}.{contract.table}"
    if not spark.catalog.tableExists(name):
        spark.sql(_create_statement(name, contract, location))
    handle = spark._jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)  # type: ignore[union-attr]
    _check(name, contract, handle)
    snapshot = handle.currentSnapshot()
    return Table(spark, name, contract, handle, snapshot.snapshotId() if snapshot else None)


def _create_statement(name: str, contract: Contract, location: S3Uri) -> str:
    columns = ",\n  ".join(
        f"`{each.name}` {SPARK_TYPES[each.type]}{' NOT NULL' if each.required else ''}"
        f" COMMENT {_quoted(each.description)}"
        for each in contract.columns
    )
    partitions = ", ".join(f"`{column}`" for column in contract.partition_columns)
    properties = {
        "format-version": "2",
        # Statistics keep 16 characters of a text by default: too few to tell one S3 address from another.
        **{
            f"write.metadata.metrics.column.{each.name}": "full"
            for each in contract.columns
            if each.name.endswith("_file")
        },
    }
    listed = ", ".join(f"{_quoted(key)} = {_quoted(value)}" for key, value in properties.items())
    return (
        f"CREATE TABLE IF NOT EXISTS {name} (\n  {columns}\n) USING iceberg"
        + (f" PARTITIONED BY ({partitions})" if partitions else "")
        + f" LOCATION {_quoted(str(location).rstrip('/'))} COMMENT {_quoted(contract.description)}"
        + f" TBLPROPERTIES ({listed})"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _check(name: str, contract: Contract, handle: Any) -> None:
    actual = {field.name(): field.type().toString() for field in handle.schema().columns()}
    promised = {column.name: _ICEBERG_TYPES[SPARK_TYPES[column.type]] for column in contract.columns}
    if actual != promised:
        differing = sorted(
            f"{column} is {actual.get(column, 'missing')} instead of {promised.get(column, 'absent')}"
            for column in actual.keys() | promised.keys()
            if actual.get(column) != promised.get(column)
        )
        raise TableError(
            f"{name} differs from its contract (version {contract.version}): {'; '.join(differing)}. "
            "Change the table with ALTER TABLE, or the contract, so that they agree"
        )
