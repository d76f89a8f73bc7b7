"""What this machine has of what dst needs, each with what to do about it."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator

import cloudstage
from cloudstage import Configuration, Finding
from ops.errors import OpsError
from ops.project import ROOT, Project, load
from ops.terraform import binary, mirror


def examine() -> list[Finding]:
    """Look at everything; never raises for what is wrong with the machine."""
    try:
        project = load()
    except OpsError as error:
        return [Finding("project.json", "missing", str(error), "correct the values named")]
    found = [Finding("project.json", "ok", f"project {project.project}, region {project.aws_region}")]
    for check in (_python, _terraform, _provider, _git, _docker):
        found.extend(check(project))
    return found + cloudstage.examine(Configuration(glue_version=project.versions["glue"]))


def _python(project: Project) -> Iterator[Finding]:
    wanted, have = project.versions["python"], platform.python_version()
    if have.startswith(f"{wanted}."):
        yield Finding("Python", "ok", f"{have} at {sys.executable}")
    else:
        yield Finding(
            "Python",
            "missing",
            f"{have}, but Glue runs {wanted}",
            f"install Python {wanted}, then: make -f dst.mk setup",
        )


def _terraform(project: Project) -> Iterator[Finding]:
    try:
        path = binary.find(project.versions["terraform"])
        yield Finding("Terraform", "ok", f"{binary.version_of(path)} at {path}")
    except OpsError as error:
        yield Finding("Terraform", "missing", "not usable", str(error))


def _provider(project: Project) -> Iterator[Finding]:
    version = project.versions["aws_provider"]
    settings = mirror.provider_environment(os.environ, version, ROOT / ".dst/doctor")
    place = (
        "an offline mirror" if "TF_CLI_CONFIG_FILE" in settings else "your Terraform settings or the registry"
    )
    yield Finding("AWS provider", "ok", f"{version} from {place}")


def _git(_: Project) -> Iterator[Finding]:
    yield from _program("git", "commits are recorded in snapshots as 'unknown'; install git")


def _docker(_: Project) -> Iterator[Finding]:
    yield from _program(
        "docker", "only docker-compose up unit-test needs it; see https://docs.docker.com/get-docker/"
    )


def _program(name: str, remedy: str) -> Iterator[Finding]:
    path = shutil.which(name)
    if path is None:
        yield Finding(name, "optional", "not found", remedy)
        return
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    yield Finding(name, "ok", (done.stdout or done.stderr).strip().splitlines()[0])
