"""Every failure that a user of ``dst`` can meet, one exit code per family.

::

    OpsError                    1   anything else
    ├── ConfigurationError      2   project.json, job.json or an argument is wrong
    ├── ToolMissingError        3   a program the command needs is not on this machine
    ├── StageError              4   the stage's account can't be used, or nothing is deployed there
    ├── TerraformError          5   terraform refused or failed
    ├── JobFailedError          6   a deployed job ran and did not succeed
    ├── QueryFailedError        7   Athena rejected or could not finish a query
    └── ProtectedError          8   it would remove data that the stage protects

The message is for a person: what happened, where, and what to do next. The command line prints it and
exits with ``exit_code``; no traceback is shown for any of these.
"""

from __future__ import annotations

from typing import ClassVar


class OpsError(Exception):
    """A failure with a message for a person."""

    exit_code: ClassVar[int] = 1


class ConfigurationError(OpsError):
    """A configuration value or argument is not legal."""

    exit_code = 2


class ToolMissingError(OpsError):
    """A program that the command needs is missing or too old."""

    exit_code = 3


class StageError(OpsError):
    """The stage's account can't be used, or nothing is deployed there."""

    exit_code = 4


class TerraformError(OpsError):
    """Terraform refused or failed."""

    exit_code = 5


class JobFailedError(OpsError):
    """A deployed job ran and did not succeed."""

    exit_code = 6


class QueryFailedError(OpsError):
    """Athena rejected a query or could not finish it."""

    exit_code = 7


class ProtectedError(OpsError):
    """It would remove data that the stage protects."""

    exit_code = 8
