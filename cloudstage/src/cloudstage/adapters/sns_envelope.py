"""A gap in the envelope in which moto's SNS delivers a message.

Source: "Parsing message formats" and "Verifying the signatures of Amazon SNS messages" in the Amazon SNS developer
guide.
"""

from __future__ import annotations

import base64
import datetime
import functools
import secrets
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.sns.models import Subscription, sns_backends

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

SIGNED = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
HASHES: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303 (as SNS does)
YEAR = datetime.timedelta(days=365)


class Signer(NamedTuple):
    """A key, and the file in which its certificate is offered."""

    key: rsa.RSAPrivateKey
    file: str
    certificate: bytes


@adapter
def envelopes_are_signed_as_a_whole(patch: Patch) -> None:
    """The signature covers the subject, and the message says how to leave its own subscription.

    moto 5.2.5 signs without the subject, always with the second version of signatures, and writes the address of a
    subscription that does not exist. It makes a certificate for each message and keeps them all.
    """

    def get_post_data(
        self: Subscription,
        message: str,
        message_id: str,
        subject: str | None,
        message_attributes: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        data: dict[str, Any] = {
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": self.topic.arn,
            "Message": message,
            "Timestamp": iso_8601_datetime_with_milliseconds(),
        }
        if subject:
            data["Subject"] = subject
        region = self.topic.sns_backend.region_name
        host = f"https://sns.{region}.amazonaws.com"
        version = str(getattr(self.topic, "signature_version", None) or "1")
        signer = _signer()
        # moto offers certificates to callers that it can't tell the account of.
        sns_backends[DEFAULT_ACCOUNT_ID][region]._message_public_keys[signer.file] = signer.certificate
        data |= {
            "SignatureVersion": version,
            "Signature": _signature(signer.key, data, HASHES[version]),
            "SigningCertURL": f"{host}/{signer.file}",
            "UnsubscribeURL": f"{host}/?Action=Unsubscribe&SubscriptionArn={self.arn}",
        }
        return data | ({"MessageAttributes": message_attributes} if message_attributes else {})

    patch.replace(Subscription, "get_post_data", get_post_data)


def _signature(key: rsa.RSAPrivateKey, data: dict[str, Any], algorithm: hashes.HashAlgorithm) -> str:
    text = "".join(f"{name}\n{data[name]}\n" for name in SIGNED if name in data)
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), algorithm)).decode()


@functools.cache
def _signer() -> Signer:
    """One for the process, for it takes a while to make."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Amazon")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + YEAR)
        .sign(key, hashes.SHA256())
    )
    file = f"SimpleNotificationService-{secrets.token_hex(16)}.pem"
    return Signer(key, file, certificate.public_bytes(serialization.Encoding.PEM))
