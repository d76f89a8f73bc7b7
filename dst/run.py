"""One run of a job: who it is and when it began."""

from dataclasses import dataclass, field
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The time in UTC, without a zone, as the tables hold it."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        job: the job's directory below ``etl/``.
        package: Python package of the job, whose files (contracts …) belong to it.
        run_id: as Glue or Lambda gave it, or made up for the command line.
        began_at: UTC, without a zone.
    """

    job: str
    package: str
    run_id: str
    began_at: datetime = field(default_factory=utc_now)
