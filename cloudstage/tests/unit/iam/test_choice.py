"""Roles are enforced unless somebody chooses otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudstage.configuration import Configuration, load
from cloudstage.context import Context
from cloudstage.credentials import generate
from cloudstage.errors import ConfigurationError


def test_roles_are_enforced_by_default(tmp_path: Path) -> None:
    assert load({}, {}, tmp_path)[1].enforce_roles


def test_an_option_a_variable_or_the_file_switches_it_off(tmp_path: Path) -> None:
    assert not load({"enforce_roles": False}, {}, tmp_path)[1].enforce_roles
    assert not load({}, {"CLOUDSTAGE_ENFORCE_ROLES": "false"}, tmp_path)[1].enforce_roles
    (tmp_path / "cloudstage.toml").write_text("enforce_roles = false\n")
    assert not load({}, {}, tmp_path)[1].enforce_roles
    assert load({"enforce_roles": True}, {}, tmp_path)[1].enforce_roles


def test_anything_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="true or false"):
        load({}, {"CLOUDSTAGE_ENFORCE_ROLES": "perhaps"}, tmp_path)


def test_without_enforcement_deployed_code_is_the_administrator(tmp_path: Path) -> None:
    context = Context(tmp_path, "http://127.0.0.1:1", Configuration(enforce_roles=False), generate())
    assert context.role_environment("none", "glue.amazonaws.com", "run") == context.environment
