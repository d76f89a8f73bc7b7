"""A job as it is deployed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops.errors import ConfigurationError


@dataclass(frozen=True)
class DeployedJob:
    """A job of a deployment.

    Attributes:
        directory: its directory's name under `etl/`.
        name: its name in AWS.
        kind: glue or lambda.
        log_groups: where it logs; of a Glue job, `…/output` is what the job itself prints.
    """

    directory: str
    name: str
    kind: str
    log_groups: list[str]

    @property
    def own_log_groups(self) -> list[str]:
        """Where its own lines are, without those of Spark."""
        own = [group for group in self.log_groups if group.endswith("/output")]
        return own if self.kind == "glue" else self.log_groups


def find(outputs: Mapping[str, Any], directory: str) -> DeployedJob:
    """The deployed job of a directory.

    Raises:
        ConfigurationError: there is none.
    """
    if directory not in outputs["jobs"]:
        known = ", ".join(sorted(outputs["jobs"])) or "none"
        raise ConfigurationError(
            f"no job {directory!r} is deployed; deployed: {known}. A new directory under etl/ needs: dst apply"
        )
    return DeployedJob(
        directory,
        outputs["jobs"][directory],
        outputs["job_kinds"][directory],
        outputs["log_groups"][directory],
    )
