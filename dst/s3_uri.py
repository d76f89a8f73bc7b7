"""Addresses of objects and prefixes in S3."""

import re
from dataclasses import dataclass

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""


@dataclass(frozen=True)
class S3Uri:
    """``s3://<bucket>/<key>``; the key may be empty, or a prefix.

    Raises:
        ValueError: the text given to `parse` is not such an address.
    """

    bucket: str
    key: str = ""

    @classmethod
    def parse(cls, text: str) -> "S3Uri":
        """Read an address; ``s3a://`` and ``s3n://`` are refused, as one address has one spelling."""
        scheme, separator, rest = text.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or not separator or not _BUCKET.fullmatch(bucket):
            raise ValueError("an S3 address such as s3://bucket/prefix/ is needed")
        return cls(bucket, key)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def child(self, key: str) -> "S3Uri":
        """The address of `key` below this prefix."""
        prefix = self.key if not self.key or self.key.endswith("/") else f"{self.key}/"
        return S3Uri(self.bucket, prefix + key)
