"""The environment variables that point any AWS client at a local stage."""

from __future__ import annotations

import os
from collections.abc import Mapping

ACCESS_KEY_ID = "local"
SECRET_ACCESS_KEY = "local"  # noqa: S105 (the stage accepts any key; this one is no secret)

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


def client_environment(endpoint: str, region: str) -> dict[str, str]:
    """The variables a client needs to reach the stage at ``endpoint``."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def conflicting(environment: Mapping[str, str]) -> list[str]:
    """The names in ``environment`` that must be unset beside ``client_environment``."""
    return sorted(name for name in environment if name in CONFLICTING or name.startswith("AWS_ENDPOINT_URL_"))


def process_environment(base: Mapping[str, str], endpoint: str, region: str) -> dict[str, str]:
    """``base`` for a child process whose AWS clients shall talk to the stage and to nothing else.

    A company proxy must not be asked for 127.0.0.1, so the address joins ``NO_PROXY``.
    """
    environment = dict(base)
    for name in conflicting(base):
        del environment[name]
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [host for host in base.get(name, "").split(",") if host]
        environment[name] = ",".join(dict.fromkeys([*hosts, "127.0.0.1", "localhost"]))
    return environment | client_environment(endpoint, region)
