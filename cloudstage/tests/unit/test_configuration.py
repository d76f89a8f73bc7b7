"""Where a cloudstage's choices come from, and which are legal."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudstage.configuration import Configuration, load
from cloudstage.errors import ConfigurationError


def test_it_needs_no_choice(tmp_path: Path) -> None:
    assert load({}, {}, tmp_path) == (tmp_path / ".cloudstage", Configuration())


def test_an_option_wins_over_a_variable_and_a_variable_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "cloudstage.toml").write_text(
        'region = "eu-west-1"\naccount_id = "111111111111"\ndirectory = "state"\n'
    )
    variables = {"CLOUDSTAGE_REGION": "eu-west-2", "CLOUDSTAGE_ACCOUNT_ID": "222222222222"}

    directory, chosen = load({"region": "eu-west-3", "account_id": None}, variables, tmp_path)

    assert directory == tmp_path / "state"
    assert (chosen.region, chosen.account_id) == ("eu-west-3", "222222222222")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("region", "Frankfurt", "region 'Frankfurt' is not legal; it must be a region's name"),
        ("account_id", "42", "account_id '42' is not legal; it must be twelve digits"),
        ("glue_version", "0.9", r"glue_version '0\.9' is not available; this cloudstage has 5\.1"),
    ],
)
def test_an_illegal_value_is_named(name: str, value: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=said):
        load({name: value}, {}, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("region = ", "can't be read as TOML"),
        ('regoin = "eu-west-1"', "unknown key 'regoin'"),
        ("account_id = 123456789012", 'write account_id = "123456789012"'),
    ],
)
def test_a_wrong_file_is_explained(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "cloudstage.toml").write_text(text)

    with pytest.raises(ConfigurationError, match=said):
        load({}, {}, tmp_path)


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("1", True), ("Yes", True), ("false", False), ("0", False), ("", False)],
)
def test_a_variable_switches_something_on_or_off(tmp_path: Path, text: str, value: bool) -> None:
    _, configuration = load({}, {"CLOUDSTAGE_MOTO_API": text}, tmp_path)

    assert configuration.moto_api is value


def test_a_switch_is_chosen_in_the_same_order(tmp_path: Path) -> None:
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
