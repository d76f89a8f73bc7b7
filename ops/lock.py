"""Resolve pyproject.toml into the locks: `make -f dst.mk lock`.

The locks name no package registry, so that they work behind any mirror. The runtimes' locks are
compiled with the main lock as constraint: one version of a package in the whole project.
"""

import subprocess
import sys
from pathlib import Path

from ops.local.jars import lock as jars_lock
from ops.project import ROOT, load

COMMAND = (
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-strip-extras",
    "--no-header",
)


def main() -> None:
    """Write requirements*.txt and, in ops/local/runtimes, the locks of the runtimes and of Spark's archives."""
    versions = load().versions
    python = ("--python-version", versions["python"])
    uv = Path(sys.executable).with_name(COMMAND[0])

    def compile_lock(target: str, *arguments: str, text: str | None = None) -> None:
        subprocess.run(
            [uv, *COMMAND[1:], *python, *arguments, "-o", target], cwd=ROOT, input=text, text=True, check=True
        )

    constrained = ("-c", "requirements.txt")
    compile_lock("requirements.txt", "--group", "all", "pyproject.toml")
    compile_lock("requirements-uv.txt", "--no-annotate", *constrained, "-", text="uv\n")
    audit = "checkov\ncheck-jsonschema\nzizmor\n"
    compile_lock("requirements-audit.txt", "--no-annotate", "-", text=audit)
    compile_lock(
        f"ops/local/runtimes/glue-{versions['glue']}.txt", *constrained, "--group", "glue", "pyproject.toml"
    )
    compile_lock(
        f"ops/local/runtimes/lambda-python{versions['python']}.txt",
        *constrained,
        "--group",
        "lambda",
        "pyproject.toml",
    )
    jars_lock.write()


if __name__ == "__main__":
    main()
