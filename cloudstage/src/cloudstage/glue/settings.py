"""What the Glue executor is given besides the cloudstage: how it gets its tools, and its times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cloudstage.glue.tools import Report, Tools, provide_shell, provide_tools
from cloudstage.runtimes.versions import GlueVersion


@dataclass(frozen=True)
class Settings:
    """The executor's tools and times; tests give others."""

    version: GlueVersion
    provide_tools: Callable[[GlueVersion, Report], Tools] = provide_tools
    provide_shell: Callable[[str, Report], Tools] = provide_shell
    seconds_per_minute: float = 60.0
    log_interval: float = 1.0
    grace_seconds: float = 5.0
    makes_class_data: bool = True
    """Whether the cloudstage has Java's class data made, in the background, for the runs to come."""
