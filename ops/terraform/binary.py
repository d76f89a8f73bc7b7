"""The terraform program of this machine and whether its version will do."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from ops.errors import ToolMissingError

_INSTALL = (
    "see https://developer.hashicorp.com/terraform/install, "
    "or name another with DST_TERRAFORM=/path/to/terraform"
)
_OPERATORS = {
    ">=": lambda have, want: have >= want,
    "<": lambda have, want: have < want,
    "<=": lambda have, want: have <= want,
    "=": lambda have, want: have == want,
    "~>": lambda have, want: have >= want and have[:-1] == want[:-1],
}


def find(constraint: str) -> Path:
    """Return the terraform to use: `DST_TERRAFORM`, else the first on PATH.

    Args:
        constraint: as in `required_version`, such as `>= 1.11.0, < 2.0.0`.

    Raises:
        ToolMissingError: there is none, it does not start, or its version breaks the constraint.
    """
    named = os.environ.get("DST_TERRAFORM") or "terraform"
    path = shutil.which(named)
    if path is None:
        raise ToolMissingError(
            f"Terraform {constraint} is needed and {named!r} was not found; install it: {_INSTALL}"
        )
    version = version_of(Path(path))
    if not satisfies(version, constraint):
        raise ToolMissingError(
            f"Terraform {constraint} is needed and {path} is {version}; install another: {_INSTALL}"
        )
    return Path(path)


def version_of(terraform: Path) -> str:
    """Ask a terraform for its version, such as `1.11.4`.

    Raises:
        ToolMissingError: it could not be started or did not answer as terraform does.
    """
    try:
        # CHECKPOINT_DISABLE: without it the command asks the internet for a newer version and waits.
        environment = os.environ | {"CHECKPOINT_DISABLE": "1"}
        command = [str(terraform), "version", "-json"]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60, env=environment)
        return str(json.loads(done.stdout)["terraform_version"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        raise ToolMissingError(f"{terraform} does not work ({error}); install it anew: {_INSTALL}") from None


def satisfies(version: str, constraint: str) -> bool:
    """Whether a version satisfies a Terraform version constraint; pre-releases count as their release."""
    have = _numbers(version)
    for part in constraint.split(","):
        match = re.fullmatch(r"\s*(>=|<=|<|~>|=|)\s*([0-9.]+)\s*", part)
        if match is None:
            raise ValueError(f"not a version constraint: {constraint!r}")
        want = _numbers(match[2])
        if not _OPERATORS[match[1] or "="](have[: len(want)], want):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("-", 1)[0].split("."))
