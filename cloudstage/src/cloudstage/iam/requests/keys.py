"""The KMS keys that a service uses on behalf of a caller, and the S3 objects that they encrypt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudstage.iam.policy import Need
from cloudstage.iam.requests.call import Call
from cloudstage.iam.wildcards import Context


def find(key_id: str, account_id: str, region: str) -> Any | None:
    """moto's key by its id, ARN or alias; None if there is none.

    Keys that AWS manages itself (``alias/aws/s3``) are not found until they are used: their policies let
    everybody in the account use them through their service.
    """
    from moto.kms.models import kms_backends

    if key_id.startswith("arn:"):
        region = key_id.split(":")[3]
    name = key_id.split(":", 5)[-1] if key_id.startswith("arn:") else key_id
    backend = kms_backends[account_id][region]
    if name.startswith("alias/"):
        return next((key for key in backend.keys.values() if name in key.aliases), None)
    return backend.keys.get(name.removeprefix("key/"))


def needs(call: Call, action: str, key_id: str | None, service: str, context: Context) -> Iterator[Need]:
    """``kms:<action>`` on a customer's key, used through ``service``; nothing if there is no such key."""
    key = find(key_id, call.account_id, call.region) if key_id else None
    if key is not None and key.key_manager == "CUSTOMER":
        via = {
            "kms:viaservice": (f"{service}.{call.region}.amazonaws.com",),
            "kms:calleraccount": (call.account_id,),
        }
        names = tuple(name.split(":", 2)[2] for name in context if name.startswith("kms:encryptioncontext:"))
        yield Need(f"kms:{action}", key.arn, {**context, **via, "kms:encryptioncontextkeys": names})


def s3_bucket(account_id: str, bucket: str) -> Any | None:
    """moto's bucket; None if there is none."""
    from moto.s3.models import s3_backends

    return s3_backends[account_id]["aws"].buckets.get(bucket)


def s3_object(account_id: str, bucket: str, key: str, version: str | None) -> Any | None:
    """moto's object; None if it, or this version of it, is not there."""
    from moto.s3.models import FakeKey

    found = s3_bucket(account_id, bucket)
    versions = found.keys.getlist(key, default=[]) if found else []
    if version is None:
        versions = versions[-1:]
    matching = [each for each in versions if version is None or str(each.version_id) == version]
    return next((each for each in matching if isinstance(each, FakeKey)), None)


def table_location(account_id: str, region: str, database: str, table: str) -> str | None:
    """Where the data of a table of the Glue catalog is; None if there is no such table."""
    from moto.glue.models import glue_backends

    known = glue_backends[account_id][region].databases.get(database)
    found = known.tables.get(table) if known else None
    versions = found.versions if found else {}
    latest: dict[str, Any] = list(versions.values())[-1] if versions else {}
    location: str | None = latest.get("StorageDescriptor", {}).get("Location")
    return location
