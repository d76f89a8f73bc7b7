"""Call uv with the package mirror that pip was told of."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from uv import find_uv_bin

_INDEX = re.compile(r"^(?:global|install)\.index-url='(.+)'$", re.MULTILINE)
_finding = threading.Lock()
"""uv asks sysconfig, which answers wrongly if several threads ask it first at the same time."""
NOT_FOR_UV = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX")


def run_uv(*arguments: str | Path, text: str | None = None, **variables: str) -> str:
    """Run ``uv`` with ``text`` on its standard input and ``variables`` set; return what it printed.

    Raises:
        subprocess.CalledProcessError: it failed; ``stderr`` has its reason.
    """
    with _finding:
        uv = find_uv_bin()
    command = [uv, *map(str, arguments)]
    environment = uv_environment(os.environ) | variables
    completed = subprocess.run(
        command, input=text, capture_output=True, text=True, check=True, env=environment
    )
    return completed.stdout


def uv_environment(base: Mapping[str, str]) -> dict[str, str]:
    """``base`` without traces of other environments, and with pip's package mirror, which uv ignores."""
    environment = {name: value for name, value in base.items() if name not in NOT_FOR_UV}
    if "UV_DEFAULT_INDEX" not in environment and (mirror := _mirror_of_pip(environment)):
        environment["UV_DEFAULT_INDEX"] = mirror
    return environment


def _mirror_of_pip(environment: dict[str, str]) -> str | None:
    """The package index that pip would ask, from its variable or its configuration files; None: the public one."""
    if named := environment.get("PIP_INDEX_URL"):
        return named
    # The interpreter that `.venv` was made from: `.venv` itself has no pip.
    asked = subprocess.run(
        [Path(sys.base_prefix) / "bin/python3", "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    found = _INDEX.findall(asked.stdout)
    return found[-1] if found else None
