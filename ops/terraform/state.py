"""The S3 bucket that holds Terraform's state, and the lock that a killed run may leave there."""

import contextlib
import datetime
import fcntl
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

KEY = "infrastructure/terraform.tfstate"
WORKSPACES = "workspaces"
MISSING = ("NoSuchKey", "NoSuchBucket", "404")
"""S3's codes for what is not there."""


def backend(bucket: str, region: str) -> dict[str, str]:
    """The settings of Terraform's S3 backend: encrypted, locked by a lock file beside the state.

    Path style, because a bucket's name can't be a host's where the endpoint is an IP address.
    """
    return {
        "bucket": bucket,
        "key": KEY,
        "region": region,
        "encrypt": "true",
        "use_lockfile": "true",
        "use_path_style": "true",
        "workspace_key_prefix": WORKSPACES,
    }


def ensure_bucket(s3: Any, bucket: str, region: str) -> None:
    """Make the state bucket of an account: versioned, encrypted, closed to the public. Safe to repeat."""
    # S3's oldest region is the one that can't be named.
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=bucket, **place)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(blocks, True))


@dataclass(frozen=True)
class Deployed:
    """What a state says is deployed.

    Attributes:
        outputs: name to value.
        resources: how many resources there are, data sources not counted.
    """

    outputs: dict[str, Any]
    resources: int


def read(s3: Any, settings: Mapping[str, str], workspace: str) -> Deployed:
    """What the state of a workspace says; empty where there is none. Terraform is not started for it.

    Args:
        s3: client of the account that holds the state.
        settings: of the backend, see `backend`.
        workspace: whose state.
    """
    try:
        document = json.loads(s3.get_object(**_place(settings, workspace))["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            return Deployed({}, 0)
        raise
    outputs = {name: output["value"] for name, output in document["outputs"].items()}
    managed = (resource for resource in document["resources"] if resource["mode"] == "managed")
    return Deployed(outputs, sum(len(resource["instances"]) for resource in managed))


@contextlib.contextmanager
def exclusive(
    s3: Any, settings: Mapping[str, str], workspace: str, scratch: Path, wait: Callable[[], None]
) -> Iterator[None]:
    """Be the only `dst` command which changes this deployment; release what a killed one left locked.

    A run leaves a file that is as old as its begin and removes it at its end. One that is found while
    nobody holds the file lock is that of a killed run, and a state lock made after that begin is its own.

    Args:
        s3: client of the account that holds the state.
        settings: of the backend, see `backend`.
        workspace: whose state.
        scratch: the deployment's directory.
        wait: called once if another command is at work and this one has to wait.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    note = scratch / "running"
    with (scratch / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        if note.exists():
            begin = datetime.datetime.fromtimestamp(note.stat().st_mtime, datetime.UTC)
            _release(s3, settings, workspace, begin)
        note.touch()
        try:
            yield
        finally:
            note.unlink()


def _release(s3: Any, settings: Mapping[str, str], workspace: str, begin: datetime.datetime) -> None:
    state = _place(settings, workspace)
    place = state | {"Key": f"{state['Key']}.tflock"}
    try:
        held = json.loads(s3.get_object(**place)["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            return
        raise
    if datetime.datetime.fromisoformat(held["Created"]) >= begin:
        s3.delete_object(**place)


def _place(settings: Mapping[str, str], workspace: str) -> dict[str, str]:
    """Bucket and key of the state."""
    key = settings["key"] if workspace == "default" else f"{WORKSPACES}/{workspace}/{settings['key']}"
    return {"Bucket": settings["bucket"], "Key": key}
