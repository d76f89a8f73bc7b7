"""Commits to a real Iceberg table, told as facts on standard output: `python scenarios.py`.

A process of its own, because Spark must be started with Iceberg's archives. The catalog is Iceberg's own
in-memory one, which refuses a stale commit as Glue does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from dst import contract
from dst.errors import CommitConflictError, TableError
from dst.lake.commit import Staged, commit, discard, stage
from dst.lake.table import Table, open_or_create
from dst.s3_uri import S3Uri

PROPERTIES = {"dst.run-id": "jr_1", "dst.git-commit": "abc"}
CONTRACT = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "version": "1.0.0",
    "schema": [
        {
            "name": "tides",
            "properties": [
                {"name": "port", "physicalType": "string", "partitioned": True, "partitionKeyPosition": 1},
                {"name": "height", "physicalType": "double", "required": True},
                {
                    "name": "source_file",
                    "physicalType": "string",
                    "primaryKey": True,
                    "primaryKeyPosition": 1,
                },
            ],
        }
    ],
    "customProperties": [
        {"property": "zone", "value": "curated"},
        {"property": "format", "value": "iceberg"},
    ],
}
Rows = list[tuple[str, float, str]]


class Place(S3Uri):
    """A directory of this machine where a bucket is asked for."""

    def __str__(self) -> str:
        return self.key


class Tides:
    """A fresh table for each scenario."""

    def __init__(self, spark: SparkSession, name: str, directory: Path) -> None:
        self.spark = spark
        self.directory = directory / name
        document = json.loads(json.dumps(CONTRACT))
        document["schema"][0]["name"] = name
        self.contract = contract.parse(json.dumps(document), name)

    def open(self) -> Table:
        return open_or_create(self.spark, "db", self.contract, Place("local", str(self.directory)))

    def stage(self, table: Table, rows: Rows, *files: str) -> Staged:
        frame = self.spark.createDataFrame(rows, self.contract.spark_schema())
        return stage(table, frame, len(rows), "source_file", files)

    def put(self, rows: Rows, *files: str) -> int | None:
        return commit(self.stage(self.open(), rows, *files), PROPERTIES)

    def rows(self) -> list[list[Any]]:
        return sorted(
            [row["source_file"], row["port"], row["height"]] for row in self.open().read().collect()
        )

    def snapshots(self) -> int:
        return self.spark.table(f"{self.open().name}.snapshots").count()


def existing(staged: Staged) -> int:
    """How many of the staged files there are."""
    files = staged.table.handle.io()
    return sum(files.fileExists(each.location()) for each in staged.added)


def first_commit(tides: Tides) -> dict[str, Any]:
    snapshot = tides.put([("a", 1.0, "x"), ("b", 2.0, "x"), ("a", 3.0, "y")], "x", "y")
    table = tides.open()
    return {
        "rows": tides.rows(),
        "is_current": snapshot == table.snapshot_id,
        "snapshots": tides.snapshots(),
        "summary": dict(table.handle.currentSnapshot().summary()),
        "added_files": table.handle.currentSnapshot().summary()["added-data-files"],
    }


def staged_only(tides: Tides) -> dict[str, Any]:
    tides.put([("a", 1.0, "x")], "x")
    before = tides.snapshots()
    staged = tides.stage(tides.open(), [("a", 2.0, "y")], "y")
    seen = {"rows": tides.rows(), "new_snapshots": tides.snapshots() - before, "files": existing(staged)}
    discard(staged)
    return {**seen, "files_after_discard": existing(staged)}


def nothing_to_do(tides: Tides) -> dict[str, Any]:
    tides.put([("a", 1.0, "x")], "x")
    return {"snapshot": tides.put([], "y"), "snapshots": tides.snapshots()}


def done_again(tides: Tides) -> dict[str, Any]:
    rows: Rows = [("a", 1.0, "x"), ("b", 2.0, "x"), ("a", 3.0, "y"), ("b", 4.0, "z")]
    tides.put(rows, "x", "y", "z")
    tides.put([row for row in rows if row[2] != "y"], "x", "z")
    return {"rows": tides.rows()}


def file_changed(tides: Tides) -> dict[str, Any]:
    tides.put([("a", 1.0, "x"), ("b", 2.0, "x"), ("a", 3.0, "y")], "x", "y")
    tides.put([("c", 9.0, "x")], "x")
    emptied = tides.rows()
    tides.put([], "x")
    return {"changed": emptied, "emptied": tides.rows()}


def same_files_at_once(tides: Tides) -> dict[str, Any]:
    slow = tides.open()
    staged = tides.stage(slow, [("a", 2.0, "x")], "x")
    tides.put([("a", 1.0, "x")], "x")
    refused = _refused(staged)
    return {"refused": refused, "rows": tides.rows(), "files": existing(staged)}


def other_files_at_once(tides: Tides) -> dict[str, Any]:
    tides.put([("a", 0.0, "w")], "w")
    slow = tides.open()
    staged = tides.stage(slow, [("a", 2.0, "x")], "x")
    tides.put([("a", 1.0, "y")], "y")
    return {"refused": _refused(staged), "rows": tides.rows()}


def compacted_meanwhile(tides: Tides) -> dict[str, Any]:
    for height in (1.0, 2.0, 3.0):
        tides.put([("a", height, f"{height}")], f"{height}")
    staged = tides.stage(tides.open(), [("a", 9.0, "1.0")], "1.0")
    options = "map('min-input-files', '2', 'rewrite-all', 'true')"
    table = f"'db.{tides.contract.table}'"
    tides.spark.sql(f"CALL glue_catalog.system.rewrite_data_files(table => {table}, options => {options})")
    refused = _refused(staged)
    tides.put([("a", 9.0, "1.0")], "1.0")
    return {"refused": refused, "rows": tides.rows()}


def differs_from_contract(tides: Tides) -> dict[str, Any]:
    tides.put([("a", 1.0, "x")], "x")
    tides.spark.sql(f"ALTER TABLE {tides.open().name} RENAME COLUMN height TO level")
    try:
        tides.open()
    except TableError as error:
        return {"said": str(error)}
    return {}


def _refused(staged: Staged) -> bool:
    try:
        commit(staged, PROPERTIES)
    except CommitConflictError:
        return True
    return False


SCENARIOS: list[Callable[[Tides], dict[str, Any]]] = [
    first_commit,
    staged_only,
    nothing_to_do,
    done_again,
    file_changed,
    same_files_at_once,
    other_files_at_once,
    compacted_meanwhile,
    differs_from_contract,
]


def main(directory: Path) -> None:
    """Run every scenario on one Spark session."""
    catalog = "spark.sql.catalog.glue_catalog"
    spark = (
        SparkSession.builder.master("local[2]")
        .config(catalog, "org.apache.iceberg.spark.SparkCatalog")
        .config(f"{catalog}.catalog-impl", "org.apache.iceberg.inmemory.InMemoryCatalog")
        .config(f"{catalog}.warehouse", str(directory))
        .config(f"{catalog}.cache-enabled", "false")
        .config("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
        .getOrCreate()
    )
    spark.sql("CREATE NAMESPACE glue_catalog.db")
    told = {each.__name__: each(Tides(spark, each.__name__, directory)) for each in SCENARIOS}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
