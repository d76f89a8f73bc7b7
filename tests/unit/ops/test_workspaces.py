"""Branches become workspaces: valid, unique and harmless, or a clear refusal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.errors import ConfigurationError
from ops.workspaces import LONGEST, check_workspace, workspace_of

PREFIXES = {"WEDATAIN": "we", "OPS": "ops"}
HARMLESS = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def test_the_documented_example() -> None:
    assert workspace_of("feature/WEDATAIN-1234-some-feature", PREFIXES) == "we-1234-some-feature"


@pytest.mark.parametrize("branch", ["main", "master"])
def test_the_shared_branches_deploy_the_default_workspace(branch: str) -> None:
    assert workspace_of(branch, PREFIXES) == "default"


@pytest.mark.parametrize(
    "branch", ["", "..", "feature/..", "default", "feature/OTHER-1-x", "WEDATAIN-1-x", "feature/WEDATAIN-x"]
)
def test_a_branch_without_a_known_ticket_is_refused(branch: str) -> None:
    with pytest.raises(ConfigurationError, match="names no ticket"):
        workspace_of(branch, PREFIXES)


@given(st.text(min_size=1), st.integers(min_value=0, max_value=10**12 - 1))
def test_any_words_after_a_ticket_give_a_harmless_name(words: str, number: int) -> None:
    name = workspace_of(f"feature/WEDATAIN-{number}-{words}", PREFIXES)
    assert HARMLESS.fullmatch(name)
    assert len(name) <= LONGEST
    assert name.startswith(f"we-{number}-")
    assert check_workspace(name) == name


@given(st.lists(st.text(min_size=1), min_size=2, max_size=20, unique=True))
def test_two_branches_never_share_a_name(words: list[str]) -> None:
    names = {workspace_of(f"feature/WEDATAIN-1-{word}", PREFIXES) for word in words}
    assert len(names) == len(words)


@pytest.mark.parametrize(
    "words", ["Some-Feature", "some_feature", "some--feature", "some-feature-", "x" * 80]
)
def test_a_changed_name_differs_from_the_plain_one(words: str) -> None:
    assert re.search(r"-[0-9a-f]{8}$", workspace_of(f"feature/WEDATAIN-1-{words}", PREFIXES))


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "A", "-a", "a-", "a--b", "a b", "a\n", "ä", "1a", "x" * 41]
)
def test_a_dangerous_workspace_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="is not allowed"):
        check_workspace(name)
