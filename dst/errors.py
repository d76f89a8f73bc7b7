"""Every failure that a job can report, one exit code per family.

::

    DstError                    1   anything else
    ├── ParameterError          2   an argument or environment value of the job is wrong
    ├── DeclarationError        3   a file of the job's directory (contract, source mapping) is wrong
    ├── RawDataError            4   raw data can't be listed or read
    ├── MessageError            5   a message of a queue is not what the job understands
    ├── TableError              6   a table differs from its contract
    └── CommitError             7   a table could not be committed
        └── CommitConflictError     somebody else committed the same rows meanwhile

The message is for a person: what happened, where, and what to do next. On the command line it is all
there is to see; Glue shows it as the run's error message.
"""

from typing import ClassVar


class DstError(Exception):
    """A failure with a message for a person."""

    exit_code: ClassVar[int] = 1


class ParameterError(DstError):
    """An argument or environment value is missing, unknown or not legal."""

    exit_code = 2


class DeclarationError(DstError):
    """A file in the job's directory is wrong: a contract or a source mapping."""

    exit_code = 3


class RawDataError(DstError):
    """Raw data can't be listed or read."""

    exit_code = 4


class MessageError(DstError):
    """A queue's message is not what the job understands."""

    exit_code = 5


class TableError(DstError):
    """A table in the catalog differs from its contract."""

    exit_code = 6


class CommitError(DstError):
    """A table could not be committed."""

    exit_code = 7


class CommitConflictError(CommitError):
    """Somebody else committed the same rows, or removed them, since they were read."""
