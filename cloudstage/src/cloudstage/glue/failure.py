"""Why a job run failed, in the words of its `ErrorMessage`."""

from __future__ import annotations

import json
import signal
from pathlib import Path


class RunFailedError(Exception):
    """The run can't start; the message becomes its `ErrorMessage`."""


def explain(exit_code: int, report: Path) -> str:
    """The `ErrorMessage` of a driver that ended with ``exit_code`` (negative: the signal that killed it).

    ``report`` is what the launcher wrote about the exception; it is missing when Python itself was ended.
    """
    try:
        told: str = json.loads(report.read_text(encoding="utf-8"))["message"]
    except (OSError, ValueError, KeyError):
        return _without_report(exit_code)
    return told


def _without_report(exit_code: int) -> str:
    if exit_code >= 0:
        return f"Command failed with exit code {exit_code}"
    name = signal.Signals(-exit_code).name
    hint = "; this is what the system does when memory runs out" if -exit_code == signal.SIGKILL else ""
    return f"Command was killed by {name}{hint}"
