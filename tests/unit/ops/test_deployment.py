"""The options that a message names select the very deployment it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudstage import Cloudstage, Configuration
from ops import project
from ops.accounts import Account, AwsAccount, CloudstageAccount
from ops.deployment import Deployment

AWS = AwsAccount("222222222222", "eu-central-1", Path("none"), "int")
PLAYED = CloudstageAccount(Cloudstage(Path("none"), Configuration()), "dst up")


@pytest.mark.parametrize(
    ("stage", "workspace", "account", "options"),
    [
        ("local", "default", PLAYED, ""),
        ("local", "we-1-x", PLAYED, " -w we-1-x"),
        ("int", "default", AWS, " --stage int"),
        ("int", "default", PLAYED, " --stage int --cloudstage"),
    ],
)
def test_options(stage: str, workspace: str, account: Account, options: str) -> None:
    assert Deployment(project.load(), stage, workspace, account).options == options
