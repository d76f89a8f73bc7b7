"""Stock Terraform on a project, with an offline mirror of its provider if the machine has one."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROVIDER = "registry.terraform.io/hashicorp/aws"
PLACES = ("/opt", "/usr/share", "/usr/local/share")
MIRROR = """
provider_installation {{
  filesystem_mirror {{
    path    = "{path}"
    include = ["{provider}"]
  }}
  direct {{
    exclude = ["{provider}"]
  }}
}}
"""


class Terraform:
    """Terraform in the directory of a project. ``variables`` are the project's own."""

    def __init__(self, project: Path, environment: Mapping[str, str], **variables: object) -> None:
        self._project = project
        named = {f"TF_VAR_{name}": str(value) for name, value in variables.items()}
        self._environment = {**environment, **named, **_mirror(project), "TF_IN_AUTOMATION": "1"}

    def run(self, *arguments: str, succeeds: tuple[int, ...] = (0,)) -> str:
        """Run a command; what it printed. It has to end with one of the exit codes ``succeeds``."""
        done = subprocess.run(
            ["terraform", *arguments, "-no-color"],
            cwd=self._project,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode in succeeds, done.stdout
        return done.stdout

    def outputs(self) -> dict[str, Any]:
        """The outputs of what is applied."""
        return {name: each["value"] for name, each in json.loads(self.run("output", "-json")).items()}


def _mirror(scratch: Path) -> dict[str, str]:
    """The variable that leads Terraform to a mirror; none if the user has settings, or there is no mirror."""
    own = Path(os.environ.get("TF_CLI_CONFIG_FILE") or Path.home() / ".terraformrc")
    if own.is_file() and "provider_installation" in own.read_text(encoding="utf-8"):
        return {}
    found = [path for place in PLACES for path in sorted(Path(place).glob(f"*/{PROVIDER}"))]
    if not found:
        return {}
    settings = scratch / "mirror.tfrc"
    root = str(found[0]).removesuffix(f"/{PROVIDER}")
    settings.write_text(MIRROR.format(path=root, provider=PROVIDER), encoding="utf-8")
    return {"TF_CLI_CONFIG_FILE": str(settings)}
