"""What a job run is made of, fetched from S3 into the run's directory."""

from __future__ import annotations

import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from cloudstage.glue.failure import RunFailedError

SUFFIXES_ON_PATH = (".zip", ".whl", ".egg")


def fetch(s3: Any, uri: str, directory: Path, purpose: str) -> Path:
    """Fetch the object at an S3 address; ``purpose`` is the argument that names it.

    Raises:
        RunFailedError: it is not an S3 address, or there is no such object.
    """
    address = urllib.parse.urlsplit(uri)
    key = address.path.lstrip("/")
    if address.scheme not in ("s3", "s3a", "s3n") or not key:
        raise RunFailedError(f"{purpose} has {uri!r}, which is not the S3 address of a file")
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / Path(key).name
    try:
        s3.download_file(address.netloc, key, str(target))
    except ClientError as error:
        reason = error.response.get("Error", {}).get("Message", str(error))
        raise RunFailedError(f"{purpose}: {uri} can't be read ({reason})") from None
    return target


def fetch_all(s3: Any, uris: Sequence[str], directory: Path, purpose: str) -> list[Path]:
    """Fetch each address into a directory of its own, since names may be equal."""
    return [fetch(s3, uri, directory / str(number), purpose) for number, uri in enumerate(uris)]


def import_path(files: Sequence[Path]) -> list[Path]:
    """What belongs on ``sys.path`` for ``files`` to be imported: an archive, or the directory of a module."""
    return [file if file.suffix in SUFFIXES_ON_PATH else file.parent for file in files]
