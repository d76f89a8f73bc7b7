"""One root stack of one deployment: plan, apply, destroy."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.errors import TerraformError
from ops.process import run_lines
from ops.terraform.events import Events

Line = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """A saved plan and how many resources it would add, change and destroy."""

    path: Path
    add: int
    change: int
    destroy: int

    @property
    def empty(self) -> bool:
        """Whether applying it would change no resource."""
        return not (self.add or self.change or self.destroy)


@dataclass(frozen=True)
class Stack:
    """A root module, where its state is, and the workspace in it.

    Attributes:
        terraform: the program.
        source: the root module's directory.
        scratch: a directory of this deployment alone, so that two workspaces never share Terraform's.
        environment: of every terraform process; says which AWS endpoint and credentials.
        backend: the S3 backend's settings.
        workspace: the Terraform workspace.
        variables: input variables.
    """

    terraform: Path
    source: Path
    scratch: Path
    environment: Mapping[str, str]
    backend: Mapping[str, str]
    workspace: str
    variables: Mapping[str, str]

    def initialise(self) -> None:
        """Run `terraform init` and select the workspace, made if missing.

        Raises:
            TerraformError: with terraform's own reason; so do all the methods here.
        """
        settings = [f"-backend-config={key}={value}" for key, value in self.backend.items()]
        self._run("init", "-input=false", "-no-color", "-reconfigure", "-lockfile=readonly", *settings)
        self._run("workspace", "select", "-or-create", self.workspace)

    def plan(self, say: Line, *options: str) -> Plan:
        """Save a plan, telling `say` what it finds. Options go to `terraform plan`, such as `-destroy`."""
        path = self.scratch / "saved.tfplan"
        variables = [f"-var={name}={value}" for name, value in self.variables.items()]
        events = self._follow(say, "plan", "-input=false", f"-out={path}", *options, *variables)
        return Plan(path, events.add, events.change, events.destroy)

    def apply(self, plan: Plan, say: Line) -> None:
        """Apply exactly the saved plan, telling `say` of each resource."""
        self._follow(say, "apply", "-input=false", str(plan.path))

    def show(self, plan: Plan) -> str:
        """A saved plan as terraform shows it to a person."""
        return self._run("show", "-no-color", str(plan.path))

    def removals(self, plan: Plan) -> list[tuple[str, str]]:
        """Type and address of each resource that a saved plan deletes or replaces."""
        changes = json.loads(self._run("show", "-json", str(plan.path)))["resource_changes"]
        return [(it["type"], it["address"]) for it in changes if "delete" in it["change"]["actions"]]

    def forget_workspace(self) -> None:
        """Delete the workspace's empty state; the default workspace always stays."""
        if self.workspace != "default":
            self._run("workspace", "select", "default")
            self._run("workspace", "delete", self.workspace)

    def _run(self, *arguments: str) -> str:
        lines: list[str] = []
        if self._start(arguments, lines.append):
            reason = "\n".join(line for line in lines if line.strip())
            raise TerraformError(f"terraform {arguments[0]} failed:\n{reason}")
        return "\n".join(lines)

    def _follow(self, say: Line, command: str, *arguments: str) -> Events:
        events = Events(say)
        if self._start((command, "-json", *arguments), events.read):
            raise TerraformError(f"terraform {command} failed:\n{events.reason}")
        return events

    def _start(self, arguments: tuple[str, ...], read: Line) -> int:
        environment = dict(self.environment) | {
            "TF_DATA_DIR": str(self.scratch),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
        }
        return run_lines([str(self.terraform), f"-chdir={self.source}", *arguments], environment, read)
