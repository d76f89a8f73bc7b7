"""Clients of a running cloudstage."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from cloudstage.lifecycle import Running

REGION = "eu-central-1"
HERE = {"LocationConstraint": REGION}


def client(running: Running, service: str, config: Config | None = None) -> Any:
    """A boto3 client of a cloudstage, whatever the environment says; it tries once."""
    settings = running.environment()
    return boto3.client(
        service,
        region_name=settings["AWS_REGION"],
        endpoint_url=settings["AWS_ENDPOINT_URL"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}).merge(config or Config()),
    )
