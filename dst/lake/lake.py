"""The lake of one deployment, as one run of a job sees it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dst import contract
from dst.deployment import Deployment
from dst.lake import raw_objects
from dst.run import Run
from dst.s3_uri import S3Uri

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dst.lake.table import Table


class Lake:
    """Raw objects, tables and the Spark session to work on them; each made when it is first needed.

    A Lambda job has no Spark, and may use everything but `spark` and `table`.
    """

    def __init__(self, deployment: Deployment, run: Run) -> None:
        self.deployment = deployment
        self.run = run

    @functools.cached_property
    def s3(self) -> Any:
        """A boto3 client of S3."""
        import boto3

        return boto3.client("s3")

    @functools.cached_property
    def spark(self) -> SparkSession:
        """The Spark session, started when first asked for."""
        from dst import spark

        return spark.session(self.run.job, self.deployment.curated_uri)

    def close(self) -> None:
        """Stop the Spark session if there is one; without that, Spark reports its own end as an error."""
        if "spark" in self.__dict__:
            self.spark.stop()

    def objects(self, prefix: S3Uri) -> Iterator[raw_objects.RawObject]:
        """Every object below a prefix, in order of its key; see `raw_objects.below`."""
        return raw_objects.below(self.s3, prefix)

    def table(self, name: str, location: S3Uri | None = None) -> Table:
        """The Iceberg table `name` as it is now; created from the job's contract if it is missing.

        Args:
            name: the job's package holds its contract.
            location: where a new table lives; by default the directory `name` of its zone.

        Raises:
            DeclarationError: the contract is missing or wrong.
            TableError: the table differs from the contract.
        """
        from dst.lake import table

        promised = contract.load(self.run.package, name)
        place = location or self.deployment.zone(promised.zone).child(f"{name}/")
        return table.open_or_create(self.spark, self.deployment.database, promised, place)

    @property
    def snapshot_properties(self) -> dict[str, str]:
        """What each snapshot of this run says of its origin."""
        return {
            "dst.job": self.run.job,
            "dst.run-id": self.run.run_id,
            "dst.git-commit": self.deployment.git_commit,
        }
