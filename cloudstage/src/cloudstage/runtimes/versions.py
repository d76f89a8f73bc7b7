"""Which versions belong to an AWS Glue version, and which Pythons Lambda has.

Source: "AWS Glue versions" and "Migrating AWS Glue for Spark jobs to AWS Glue version 5.1" in the Glue
developer guide; "Lambda runtimes" in the Lambda developer guide.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GlueVersion:
    """What an AWS Glue version consists of; each attribute is a version."""

    name: str
    python: str
    java: str
    spark: str
    hadoop: str
    iceberg: str

    @property
    def runtime(self) -> str:
        """The name of its Python environment, see ``cloudstage.runtimes``."""
        return f"glue-{self.name}"


GLUE_VERSIONS = {
    "5.1": GlueVersion("5.1", python="3.11", java="17", spark="3.5.6", hadoop="3.3.4", iceberg="1.10.0"),
}

LAMBDA_PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
"""The versions of Lambda's runtimes ``python3.9`` and so on that functions can be created with."""
