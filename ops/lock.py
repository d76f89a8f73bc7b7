"""Resolve pyproject.toml into the locks: `make -f dst.mk lock`.

The locks name no package registry, so that they work behind any mirror. They keep extras: without them pip's
hash mode fails as soon as a newer version of a package such as `coverage[toml]` is released.
"""

import subprocess
import sys

from cloudstage import run_uv
from ops.project import ROOT, load

OPTIONS = (
    "--quiet",
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-strip-extras",
    "--no-header",
)
CLOUDSTAGE = ROOT / "cloudstage/pyproject.toml"
PYPROJECT = ROOT / "pyproject.toml"


def main() -> None:
    """Write requirements*.txt. Versions that cloudstage's own lock has are kept: jobs run with those."""
    python = ("--python-version", load().versions["python"])

    def compile_lock(target: str, *arguments: object, text: str | None = None) -> None:
        run_uv("pip", "compile", *OPTIONS, *python, *map(str, arguments), "-o", ROOT / target, text=text)

    subprocess.run([sys.executable, CLOUDSTAGE.with_name("lock.py")], check=True)
    runtime = CLOUDSTAGE.with_name("src") / f"cloudstage/runtimes/glue-{load().versions['glue']}.txt"
    groups = ("--group", f"{PYPROJECT}:all", "--group", f"{CLOUDSTAGE}:test")
    compile_lock("requirements.txt", *groups, PYPROJECT, CLOUDSTAGE, "-c", runtime)
    compile_lock("requirements-uv.txt", "--no-annotate", "-c", ROOT / "requirements.txt", "-", text="uv\n")
    audit = "checkov\ncheck-jsonschema\nzizmor\n"
    compile_lock("requirements-audit.txt", "--no-annotate", "-", text=audit)


if __name__ == "__main__":
    main()
