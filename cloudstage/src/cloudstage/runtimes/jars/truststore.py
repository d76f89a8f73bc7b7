"""Certificates for Java: it has its own store and does not look at the one the machine or the user has named.

Behind a company's proxy the certificates that matter are the ones which SSL_CERT_FILE and the like name.
"""

from __future__ import annotations

import os
import re
import ssl
import warnings
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore

VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT")
PASSWORD = "changeit"  # noqa: S105 (Java's customary one; a trust store holds nothing secret, but must have one)
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def certificate_bundle(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The PEM file that this machine's other programs trust: named by a variable, or the system's, if any."""
    system = ssl.get_default_verify_paths()
    named = [environment.get(name) for name in VARIABLES]
    for candidate in filter(None, [*named, system.cafile, system.openssl_cafile]):
        if Path(candidate).is_file():
            return Path(candidate)
    return None


def write_truststore(bundle: Path, target: Path) -> list[str]:
    """Write the certificates of a PEM file as a PKCS #12 store; return the options that make Java use it.

    A certificate that can't be read is left out, as OpenSSL does; none at all gives no options.
    """
    entries = [
        PKCS12Certificate(certificate, f"ca-{number}".encode())
        for number, certificate in enumerate(_certificates(bundle.read_bytes()))
    ]
    if not entries:
        return []
    target.write_bytes(serialize_java_truststore(entries, BestAvailableEncryption(PASSWORD.encode())))
    return [
        f"-Djavax.net.ssl.trustStore={target}",
        "-Djavax.net.ssl.trustStoreType=PKCS12",
        f"-Djavax.net.ssl.trustStorePassword={PASSWORD}",
    ]


def _certificates(pem: bytes) -> list[x509.Certificate]:
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old roots with odd serial numbers are in every system's bundle
        for block in _CERTIFICATE.findall(pem):
            try:
                found.append(x509.load_pem_x509_certificate(block))
            except ValueError:
                continue
    return found
