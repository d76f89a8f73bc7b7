"""Where a query leaves its files, encrypted as its workgroup or its user wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any

from cloudstage.athena.tables.objects import split_uri

OCTETS = "application/octet-stream"
PLAIN = "binary/octet-stream"


@dataclass(frozen=True)
class ResultStore:
    """Writes objects through the cloudstage's S3; ``encryption`` is Athena's EncryptionConfiguration."""

    s3: Any
    encryption: dict[str, str] | None

    def put(self, uri: str, content: bytes, content_type: str = OCTETS) -> None:
        """Write a small object."""
        bucket, key = split_uri(uri)
        self.s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType=content_type, **self._settings())

    def upload(self, uri: str, content: IO[bytes]) -> None:
        """Write an object of any size."""
        bucket, key = split_uri(uri)
        self.s3.upload_fileobj(content, bucket, key, ExtraArgs={"ContentType": OCTETS, **self._settings()})

    def _settings(self) -> dict[str, str]:
        option = (self.encryption or {}).get("EncryptionOption")
        if option == "SSE_KMS":
            key = (self.encryption or {}).get("KmsKey")
            return {"ServerSideEncryption": "aws:kms", **({"SSEKMSKeyId": key} if key else {})}
        return {"ServerSideEncryption": "AES256"} if option == "SSE_S3" else {}
