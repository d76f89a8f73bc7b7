"""What can be chosen about a cloudstage, and where the choices come from."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloudstage.errors import ConfigurationError
from cloudstage.runtimes.versions import GLUE_VERSIONS

FILE = "cloudstage.toml"
DEFAULT_DIRECTORY = ".cloudstage"
_PATTERNS = {
    "region": (r"[a-z]{2}(-[a-z]+)+-\d", "a region's name, such as eu-central-1"),
    "account_id": (r"\d{12}", "twelve digits"),
}
_SPELLINGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True)
class Configuration:
    """The choices for one cloudstage.

    Attributes:
        region: the region that its clients use unless they name another.
        account_id: the AWS account that it stands in for.
        glue_version: the AWS Glue whose Spark, Python and packages run its Glue jobs.
        enforce_roles: whether deployed code may do only what its role's policies allow.
        moto_api: whether moto's own addresses, ``/moto-api/…`` with its dashboard and reset, are open.

    Raises:
        ConfigurationError: a value is not legal.
    """

    region: str = "us-east-1"
    account_id: str = "123456789012"
    glue_version: str = "5.1"
    enforce_roles: bool = True
    moto_api: bool = False

    def __post_init__(self) -> None:
        for name, (pattern, legal) in _PATTERNS.items():
            if not re.fullmatch(pattern, value := str(getattr(self, name))):
                raise ConfigurationError(f"{name} {value!r} is not legal; it must be {legal}")
        if self.glue_version not in GLUE_VERSIONS:
            raise ConfigurationError(
                f"glue_version {self.glue_version!r} is not available; this cloudstage has "
                f"{', '.join(GLUE_VERSIONS)}"
            )


SWITCHES = frozenset(field.name for field in dataclasses.fields(Configuration) if field.type == "bool")
"""The choices that are on or off."""


def load(
    options: Mapping[str, Any], environment: Mapping[str, str], folder: Path
) -> tuple[Path, Configuration]:
    """The directory and the configuration: an option wins over a variable, a variable over the file.

    Args:
        options: values given on the command line; None where there is none.
        environment: its ``CLOUDSTAGE_REGION``, ``CLOUDSTAGE_DIRECTORY`` and so on are used.
        folder: where ``cloudstage.toml`` may be; a relative directory named in the file starts here.

    Raises:
        ConfigurationError: a value is not legal, or the file can't be read.
    """
    names = ["directory", *(field.name for field in dataclasses.fields(Configuration))]
    chosen = _file(folder / FILE, names)
    if "directory" in chosen:
        chosen["directory"] = folder / str(chosen["directory"])
    variables = {name: environment.get(f"CLOUDSTAGE_{name.upper()}") for name in names}
    for source in (variables, options):
        chosen |= {name: value for name, value in source.items() if value not in (None, "")}
    directory = Path(chosen.pop("directory", folder / DEFAULT_DIRECTORY))
    return directory, Configuration(**{name: _typed(name, value) for name, value in chosen.items()})


def _file(path: Path, known: list[str]) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} can't be read as TOML: {error}") from None
    for name, value in values.items():
        if name not in known:
            raise ConfigurationError(f"{path} has the unknown key {name!r}; known: {', '.join(known)}")
        if name in SWITCHES and not isinstance(value, bool):
            raise ConfigurationError(f"{path}: {name} must be true or false; write {name} = true")
        if name not in SWITCHES and not isinstance(value, str):
            raise ConfigurationError(f'{path}: {name} must be a string; write {name} = "{value}"')
    return values


def _typed(name: str, value: Any) -> Any:
    if name not in SWITCHES or isinstance(value, bool):
        return value
    if value.lower() not in _SPELLINGS:
        raise ConfigurationError(f"{name} {value!r} is not legal; it must be true or false")
    return _SPELLINGS[value.lower()]
