"""An account is asked who it is before anything else; a cloudstage that does not run is named with its start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from cloudstage import Cloudstage, Configuration
from ops.accounts import AwsAccount, CloudstageAccount
from ops.errors import StageError

MOCKED = "123456789012"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "some")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "some")
    with mock_aws():
        yield


def aws(account_id: str, directory: Path) -> AwsAccount:
    return AwsAccount(account_id, "eu-central-1", directory, "int")


def test_the_stages_own_account_is_used(tmp_path: Path) -> None:
    account = aws(MOCKED, tmp_path)

    assert account.client("sts").get_caller_identity()["Account"] == MOCKED
    assert account.environment()["AWS_REGION"] == "eu-central-1"


@pytest.mark.parametrize("use", [lambda it: it.client("s3"), lambda it: it.environment()])
def test_credentials_of_another_account_are_refused(
    tmp_path: Path, use: Callable[[AwsAccount], object]
) -> None:
    with pytest.raises(
        StageError, match=rf"account {MOCKED}, but the stage 'int' is AWS account 222222222222"
    ):
        use(aws("222222222222", tmp_path))


def test_without_credentials_the_reason_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    with pytest.raises(StageError, match=r"Unable to locate credentials.*aws sso login"):
        aws(MOCKED, tmp_path).client("s3")


def test_a_cloudstage_that_does_not_run_is_named_with_its_start(tmp_path: Path) -> None:
    account = CloudstageAccount(Cloudstage(tmp_path / "int", Configuration()), "dst up --stage int")

    with pytest.raises(StageError, match="the cloudstage 'int' is not running; start it: dst up --stage int"):
        account.client("s3")
