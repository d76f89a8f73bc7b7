"""Fetch in advance what deployed jobs and functions need, so that no run has to wait for it."""

from __future__ import annotations

from cloudstage import runtimes
from cloudstage.configuration import Configuration
from cloudstage.runtimes import Report, jars
from cloudstage.runtimes.versions import GLUE_VERSIONS


def prepare(configuration: Configuration, report: Report, lambda_runtimes: tuple[str, ...] = ()) -> None:
    """Install what Glue's Spark and the named Lambda runtimes (such as ``python3.11``) need.

    ``report`` gets a line about each thing that has to be fetched.

    Raises:
        CloudstageError: something can't be had.
    """
    version = GLUE_VERSIONS[configuration.glue_version]
    runtimes.ensure(version.runtime, report)
    for name in lambda_runtimes:
        runtimes.ensure(f"lambda-{name}", report)
    jars.ensure(version, report)
