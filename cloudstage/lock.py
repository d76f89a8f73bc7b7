"""Resolve pyproject.toml into the locks: ``python lock.py [--upgrade]``, in an environment with cloudstage.

The locks name no package registry, so that they work behind any mirror. They keep extras (``coverage[toml]``):
without them pip's hash mode fails as soon as a newer version of such a package is released.
"""

import subprocess
import sys
from pathlib import Path

from cloudstage.glue.kinds import SHELL_PYTHON
from cloudstage.runtimes.jars import lock as jars_lock
from cloudstage.runtimes.uv import run_uv
from cloudstage.runtimes.versions import GLUE_VERSIONS, LAMBDA_PYTHONS

HERE = Path(__file__).resolve().parent
RUNTIMES = HERE / "src/cloudstage/runtimes"
PYPROJECT = HERE / "pyproject.toml"
OLDEST_PYTHON = "3.11"


def main(arguments: list[str]) -> None:
    """Write requirements.txt, and the locks of the runtimes and of Spark's archives."""

    def compile_lock(target: Path, python: str, *sources: str | Path) -> None:
        run_uv(
            "pip",
            "compile",
            "--quiet",
            "--generate-hashes",
            "--no-emit-index-url",
            "--no-strip-extras",
            "--no-annotate",
            "--no-header",
            *arguments,
            "--python-version",
            python,
            "--output-file",
            target,
            *sources,
        )

    compile_lock(
        HERE / "requirements.txt", OLDEST_PYTHON, "--universal", PYPROJECT, "--group", f"{PYPROJECT}:test"
    )
    for version in GLUE_VERSIONS.values():
        group = f"{PYPROJECT}:glue"
        compile_lock(RUNTIMES / f"{version.runtime}.txt", version.python, "--universal", "--group", group)
        jars_lock.write(version)
    for python in LAMBDA_PYTHONS:
        group = f"{PYPROJECT}:lambda"
        compile_lock(RUNTIMES / f"lambda-python{python}.txt", python, "--universal", "--group", group)
    for name, group in (("pythonshell", "pythonshell"), ("pythonshell_none", "pythonshell-none")):
        # Not universal: for one Python that gets no new releases, while later ones would split most lines in two.
        lock = RUNTIMES / f"{name}-{SHELL_PYTHON}.txt"
        compile_lock(lock, SHELL_PYTHON, "--group", f"{PYPROJECT}:{group}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except subprocess.CalledProcessError as error:
        sys.exit(f"uv could not resolve the requirements:\n{error.stderr}")
