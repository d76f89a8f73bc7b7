"""Puts the demo's raw files into the raw zone, as a supplier would deliver them."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from ops.demo.raw_data import write_raw_files

PREFIX = "signals/"


def deliver(s3: Any, bucket: str) -> tuple[int, int]:
    """Upload the files which are not there yet with the same content.

    Returns how many files were uploaded and how many were there already.
    """
    uploaded = present = 0
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        for path in write_raw_files(root):
            content = (root / path).read_bytes()
            key = (
                PREFIX + path.relative_to(root).as_posix() if path.is_absolute() else PREFIX + path.as_posix()
            )
            digest = hashlib.sha256(content).hexdigest()
            if _digest(s3, bucket, key) == digest:
                present += 1
                continue
            s3.put_object(Bucket=bucket, Key=key, Body=content, Metadata={"sha256": digest})
            uploaded += 1
    return uploaded, present


def _digest(s3: Any, bucket: str, key: str) -> str | None:
    try:
        return s3.head_object(Bucket=bucket, Key=key)["Metadata"].get("sha256")  # type: ignore[no-any-return]
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
            return None
        raise
