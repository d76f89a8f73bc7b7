"""project.json is refused with the path, the value and what is legal."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ops import project
from ops.errors import ConfigurationError

VALID = json.loads((project.ROOT / "project.json").read_text())


@pytest.fixture
def load_changed(tmp_path: Path) -> Callable[..., project.Project]:
    def load(*path: str, value: Any) -> project.Project:
        document = copy.deepcopy(VALID)
        inner = document
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        target = tmp_path / "project.json"
        target.write_text(json.dumps(document))
        return project.load(target)

    return load


def test_the_checkout_is_valid_and_typed() -> None:
    loaded = project.load()
    assert loaded.stages["local"].account_id == "123456789012"
    assert loaded.tag_kst == VALID["tag_KST"]
    assert set(loaded.stages) == {"local", "dev", "int", "prd"}


@pytest.mark.parametrize(
    ("path", "value", "legal"),
    [
        (("project",), "Has Spaces", "2 to 12 lower-case letters"),
        (("project",), "much-too-long-a-name", "2 to 12 lower-case letters"),
        (("aws_region",), "Frankfurt", "text matching"),
        (("stages", "dev", "account_id"), 111111111111, "string"),
        (("stages", "dev", "account_id"), "1234", "twelve digits"),
        (("stages", "prd", "log_retention_days"), 31, "one of"),
        (("stages", "int", "protect_data"), "yes", "boolean"),
        (("stages", "int", "glue_workers"), 1, "at least 2"),
        (("versions", "spark"), "3.5", "text matching"),
        (("ticket_prefixes", "WEDATAIN"), "We", "text matching"),
    ],
)
def test_a_wrong_value_is_named_with_its_path_and_what_is_legal(
    load_changed: Callable[..., project.Project], path: tuple[str, ...], value: Any, legal: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_changed(*path, value=value)
    message = str(refused.value)
    assert ".".join(path) in message
    assert json.dumps(value) in message
    assert legal in message


def test_an_unknown_field_is_refused(load_changed: Callable[..., project.Project]) -> None:
    with pytest.raises(ConfigurationError, match="colour"):
        load_changed("colour", value="blue")


def test_every_problem_is_reported_at_once(tmp_path: Path) -> None:
    document = copy.deepcopy(VALID) | {"project": "X", "aws_region": "Y"}
    (tmp_path / "project.json").write_text(json.dumps(document))
    with pytest.raises(ConfigurationError) as refused:
        project.load(tmp_path / "project.json")
    assert '"X"' in str(refused.value)
    assert '"Y"' in str(refused.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "project.json:1:2"),
        (b'{"project": "a", "project": "b"}', "twice"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_a_file_that_is_not_json_says_where(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "project.json").write_bytes(content)
    with pytest.raises(ConfigurationError, match=reason):
        project.load(tmp_path / "project.json")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"project\.json is missing"):
        project.load(tmp_path / "project.json")
