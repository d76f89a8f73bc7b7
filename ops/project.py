"""`project.json`, read and checked: the one source of names, versions, stages and tags."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from ops.errors import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent
"""The checkout this code belongs to."""


@dataclass(frozen=True)
class Stage:
    """One account and the sizes it runs with."""

    account_id: str
    protect_data: bool
    log_retention_days: int
    glue_workers: int
    ds_notebook_instance_type: str
    account: Literal["aws", "cloudstage"] = "aws"


@dataclass(frozen=True)
class Project:
    """What `project.json` says; its schema documents each field."""

    project: str
    project_id: str
    wa_number: str
    tag_kst: str
    git_repository: str
    aws_region: str
    versions: Mapping[str, str]
    ticket_prefixes: Mapping[str, str]
    stages: Mapping[str, Stage]
    tags: Mapping[str, str]


def load(path: Path | None = None) -> Project:
    """Read the project's configuration.

    Raises:
        ConfigurationError: the file is missing, is not JSON, or breaks its schema; every
            offending value is named with its path and what would be legal.
    """
    source = path or ROOT / "project.json"
    document = _read(source)
    schema = _read(ROOT / "project.schema.json")
    problems = sorted(
        Draft202012Validator(schema).iter_errors(document), key=lambda e: list(map(str, e.path))
    )
    if problems:
        lines = "\n".join(f"  {_explain(problem)}" for problem in problems)
        raise ConfigurationError(
            f"{source} is not valid:\n{lines}\nThe meaning of each field is in project.schema.json."
        )
    fields = {key: value for key, value in document.items() if key not in ("$schema", "tag_KST", "stages")}
    stages = {name: Stage(**stage) for name, stage in document["stages"].items()}
    return Project(**fields, tag_kst=document["tag_KST"], stages=stages)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_refuse_duplicates)
    except FileNotFoundError:
        raise ConfigurationError(f"{path} is missing; run this from a complete checkout") from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8 text: {error}") from None
    except json.JSONDecodeError as error:
        raise ConfigurationError(f"{path}:{error.lineno}:{error.colno} is not JSON: {error.msg}") from None


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Python keeps the last of two equal keys, Terraform may not: refuse what they would read differently."""
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigurationError(f"project.json has the key {twice[0]!r} twice in one object; keep one")
    return dict(pairs)


def _explain(problem: ValidationError) -> str:
    path = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem.absolute_path
    ).lstrip(".")
    place = path or "(top level)"
    value = json.dumps(problem.instance)
    if problem.validator in ("required", "additionalProperties"):
        return f"{place}: {problem.message}"
    if "propertyNames" in problem.absolute_schema_path:
        return f"{place}: the key {value} is not allowed; legal: text matching {problem.validator_value}"
    return f"{place}: {value} is not allowed; legal: {_legal(problem)}"


def _legal(problem: ValidationError) -> str:
    described = problem.schema.get("description", "") if isinstance(problem.schema, dict) else ""
    rule = {
        "pattern": f"text matching {problem.validator_value}",
        "enum": f"one of {problem.validator_value}",
        "type": f"{problem.validator_value}",
        "minimum": f"at least {problem.validator_value}",
        "maximum": f"at most {problem.validator_value}",
        "maxLength": f"at most {problem.validator_value} characters",
    }.get(str(problem.validator), problem.message)
    return f"{rule} ({described.rstrip('.')})" if described else rule
