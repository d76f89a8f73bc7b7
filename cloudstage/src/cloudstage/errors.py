"""Every failure that a user of cloudstage can cause or run into, one exit code per family.

::

    CloudstageError             1   anything else
    ├── ConfigurationError      2   an option, a variable or cloudstage.toml is wrong
    ├── ToolMissingError        3   a program that something deployed needs is not on this machine
    └── ServerError             4   the server can't start, stop or keep its contents

The message is for a person: what happened, where, and what to do next. The command line prints it and exits
with ``exit_code``; no traceback is shown for any of these.
"""

from __future__ import annotations

from typing import ClassVar


class CloudstageError(Exception):
    """A failure with a message for a person."""

    exit_code: ClassVar[int] = 1


class ConfigurationError(CloudstageError):
    """A configuration value or argument is not legal."""

    exit_code = 2


class ToolMissingError(CloudstageError):
    """A program that something deployed needs is missing or too old."""

    exit_code = 3


class ServerError(CloudstageError):
    """The server can't be started or stopped, or its contents can't be kept."""

    exit_code = 4
