"""What the Glue executor is given besides the stage: how it gets its tools, and its times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ops.local.glue.tools import Report, Tools, provide_tools


@dataclass(frozen=True)
class Settings:
    """The executor's tools and times; tests give others."""

    provide_tools: Callable[[Report], Tools] = provide_tools
    seconds_per_minute: float = 60.0
    log_interval: float = 1.0
    grace_seconds: float = 5.0
    makes_class_data: bool = True
    """Whether the stage has Java's class data made, in the background, for the runs to come."""
