"""Where a choice may be made, and how it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudstage.configuration import load
from cloudstage.errors import ConfigurationError


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("1", True), ("Yes", True), ("false", False), ("0", False), ("", False)],
)
def test_a_variable_switches_something_on_or_off(tmp_path: Path, text: str, value: bool) -> None:
    _, configuration = load({}, {"CLOUDSTAGE_MOTO_API": text}, tmp_path)

    assert configuration.moto_api is value


def test_an_option_wins_over_a_variable_and_a_variable_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "cloudstage.toml").write_text('region = "eu-central-1"\nmoto_api = true\n')

    assert load({}, {}, tmp_path)[1].moto_api
    assert load({"moto_api": None}, {}, tmp_path)[1].moto_api
    assert not load({}, {"CLOUDSTAGE_MOTO_API": "false"}, tmp_path)[1].moto_api
    assert load({"moto_api": True}, {"CLOUDSTAGE_MOTO_API": "false"}, tmp_path)[1].moto_api
    assert not load({"moto_api": False}, {"CLOUDSTAGE_MOTO_API": "true"}, tmp_path)[1].moto_api


def test_what_is_neither_on_nor_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"moto_api 'maybe'.*true or false"):
        load({}, {"CLOUDSTAGE_MOTO_API": "maybe"}, tmp_path)
    (tmp_path / "cloudstage.toml").write_text('moto_api = "true"\n')
    with pytest.raises(ConfigurationError, match=r"cloudstage\.toml: moto_api must be true or false"):
        load({}, {}, tmp_path)
