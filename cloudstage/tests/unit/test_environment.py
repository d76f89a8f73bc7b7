from __future__ import annotations

import os

import pytest

from cloudstage.credentials import Credentials
from cloudstage.environment import client_environment, conflicting, process_environment

ENDPOINT = "http://127.0.0.1:1234"
REGION = "eu-central-1"
KEYS = Credentials("an id", "a secret")
CLIENT = client_environment(ENDPOINT, REGION, KEYS)


def test_a_client_needs_no_more_than_this() -> None:
    assert client_environment(ENDPOINT, REGION, KEYS) == {
        "AWS_ENDPOINT_URL": ENDPOINT,
        "AWS_ACCESS_KEY_ID": "an id",
        "AWS_SECRET_ACCESS_KEY": "a secret",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def test_nothing_of_the_users_real_accounts_is_left() -> None:
    base = {
        "PATH": "/bin",
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "real",
        "AWS_CA_BUNDLE": "/etc/company.pem",
        "AWS_ENDPOINT_URL_S3": "https://s3.example",
        "AWS_ACCESS_KEY_ID": "real",
        "AWS_REGION": "us-east-1",
    }

    environment = process_environment(base, CLIENT)

    assert conflicting(base) == ["AWS_CA_BUNDLE", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE", "AWS_SESSION_TOKEN"]
    assert conflicting(environment) == []
    assert environment["PATH"] == "/bin"
    assert environment["AWS_ACCESS_KEY_ID"] == "an id"
    assert environment["AWS_REGION"] == REGION


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "127.0.0.1,localhost"),
        (".company.example", ".company.example,127.0.0.1,localhost"),
        ("localhost,127.0.0.1", "localhost,127.0.0.1"),
    ],
)
def test_a_proxy_is_not_asked_for_the_stage(before: str, after: str) -> None:
    environment = process_environment({"NO_PROXY": before, "no_proxy": before}, CLIENT)

    assert (environment["NO_PROXY"], environment["no_proxy"]) == (after, after)
