"""The environment variables that point any AWS client at a cloudstage."""

from __future__ import annotations

import os
from collections.abc import Mapping

from cloudstage.credentials import Credentials

# Settings of a user's real AWS accounts that would win over, or mix with, the ones set below.
CONFLICTING = (
    "AWS_CA_BUNDLE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_PROFILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_SESSION_TOKEN",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


def client_environment(endpoint: str, region: str, credentials: Credentials) -> dict[str, str]:
    """The variables a client needs to reach the cloudstage at ``endpoint``."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def conflicting(environment: Mapping[str, str]) -> list[str]:
    """The names in ``environment`` that must be unset beside ``client_environment``."""
    return sorted(name for name in environment if name in CONFLICTING or name.startswith("AWS_ENDPOINT_URL_"))


def process_environment(base: Mapping[str, str], client: Mapping[str, str]) -> dict[str, str]:
    """``base`` for a child process whose AWS clients must reach the cloudstage of ``client`` and nothing else.

    A company proxy must not be asked for 127.0.0.1, so the address joins ``NO_PROXY``.
    """
    environment = dict(base)
    for name in conflicting(base):
        del environment[name]
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [host for host in base.get(name, "").split(",") if host]
        environment[name] = ",".join(dict.fromkeys([*hosts, "127.0.0.1", "localhost"]))
    return {**environment, **client}
