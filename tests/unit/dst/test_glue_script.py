"""The script that Glue runs, as Glue runs it: a file elsewhere, and packages on the import path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ops.project import ROOT

MAIN = """
import sys
from .part import WORD
if __name__ == "__main__":
    print(WORD, __package__, sys.argv[1:])
"""


def package(directory: Path, *jobs: str, with_init: bool = True) -> Path:
    """A zip as `ops.package` makes it."""
    path = directory / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("etl/__init__.py", "")
        for job in jobs:
            archive.writestr(f"etl/{job}/__init__.py" if with_init else f"etl/{job}/", "")
            archive.writestr(f"etl/{job}/job.json", "{}")
            archive.writestr(f"etl/{job}/main.py", MAIN)
            archive.writestr(f"etl/{job}/part.py", f"WORD = 'part of {job}'\n")
    return path


def run(directory: Path, zip_path: Path) -> subprocess.CompletedProcess[str]:
    script = directory / "main.py"
    shutil.copy(ROOT / "dst/glue_script.py", script)
    environment = {**os.environ, "PYTHONPATH": str(zip_path)}
    command = [sys.executable, "-P", "-S", str(script), "--rows", "1"]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=directory
    )


@pytest.mark.parametrize("with_init", [True, False])
def test_it_runs_the_main_of_the_packages_job(tmp_path: Path, with_init: bool) -> None:
    done = run(tmp_path, package(tmp_path, "copied_job", with_init=with_init))
    assert done.stderr == ""
    assert done.stdout == "part of copied_job etl.copied_job ['--rows', '1']\n"


def test_it_refuses_to_choose(tmp_path: Path) -> None:
    done = run(tmp_path, package(tmp_path, "one", "two"))
    assert done.returncode == 1
    assert "['one', 'two'], not one" in done.stderr
