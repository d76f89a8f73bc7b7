"""Make `.venv` from the lock: `python3.11 ops/bootstrap.py`. Standard library only: it comes before all else.

uv goes into `.uv`, the packages of requirements.txt into `.venv`, and last a marker with the lock's
hash: an interrupted install is recognised by the marker's absence and carried on. Exit code 3: a
tool is missing; 1: the install failed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "3.11"
INPUTS = (
    "pyproject.toml",
    "cloudstage/pyproject.toml",
    "requirements.txt",
    "requirements-uv.txt",
    "ops/bootstrap.py",
)


def main() -> int:
    """Bring the environment up to date; return the exit code."""
    python = _python()
    if python is None:
        found = ".".join(map(str, sys.version_info[:3]))
        print(
            f"dst needs Python {PYTHON}, as AWS Glue has it, and this is {found}. Install it "
            f"(apt install python{PYTHON}-venv, brew install python@{PYTHON}, pyenv install {PYTHON}) "
            f"or name it: make -f dst.mk PYTHON=/path/to/python{PYTHON} …",
            file=sys.stderr,
        )
        return 3
    marker = ROOT / ".venv/.installed"
    fingerprint = _fingerprint()
    with (ROOT / ".bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if marker.exists() and marker.read_text() == fingerprint:
            return 0
        try:
            _install(python)
        except subprocess.CalledProcessError as error:
            command = " ".join(map(str, error.cmd))
            print(
                f"Installing failed (exit code {error.returncode}): {command}\nThe reason is above. Behind a "
                "proxy set HTTPS_PROXY, for a company's package mirror PIP_INDEX_URL, for its certificates "
                "SSL_CERT_FILE; then run the same command again.",
                file=sys.stderr,
            )
            return 1
        marker.write_text(fingerprint)
    return 0


def _python() -> str | None:
    candidates = [sys.executable, shutil.which(f"python{PYTHON}")]
    for candidate in filter(None, candidates):
        probe = [candidate, "-c", "import sys, ensurepip, venv; print('%d.%d' % sys.version_info[:2])"]
        if subprocess.run(probe, capture_output=True, text=True, check=False).stdout.strip() == PYTHON:
            return candidate
    return None


def _fingerprint() -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _install(python: str) -> None:
    print("Installing the packages of requirements.txt into .venv (once)", flush=True)
    tool, environment = ROOT / ".uv", ROOT / ".venv"
    uv = tool / "bin/uv"
    _run(python, "-m", "venv", "--clear", tool)
    _run(
        tool / "bin/python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        ROOT / "requirements-uv.txt",
    )
    _run(uv, "venv", "--quiet", "--allow-existing", "--python", python, environment)
    target = ("--quiet", "--python", environment / "bin/python")
    _run(uv, "pip", "sync", *target, "--require-hashes", ROOT / "requirements.txt")
    ours = ("--editable", ROOT, "--editable", ROOT / "cloudstage")
    _run(uv, "pip", "install", *target, "--no-deps", "--no-build-isolation", *ours)


def _run(*command: str | Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    }
    subprocess.run(command, check=True, env=environment, cwd=ROOT)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("Interrupted; run the same command again to carry on.", file=sys.stderr)
        sys.exit(130)
