"""Step Functions: what a state machine's tasks call is this cloudstage itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import boto3

from cloudstage.context import Context
from cloudstage.patching import Patch


def install(context: Context, patch: Patch) -> None:
    """Let tasks sign what they ask of other services.

    moto 5.2.5 signs it with made-up keys, which nobody may know here.
    """
    from moto.stepfunctions.parser.asl.utils import boto_client

    def client(**options: Any) -> Any:
        keys = context.credentials
        known = {"aws_access_key_id": keys.access_key_id, "aws_secret_access_key": keys.secret_access_key}
        return boto3.client(**{**options, **known})

    patch.replace(boto_client, "boto3", SimpleNamespace(client=client))
