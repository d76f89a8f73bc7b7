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
