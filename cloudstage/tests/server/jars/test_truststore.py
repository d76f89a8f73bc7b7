"""The certificates that Java is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from cloudstage.runtimes.jars import truststore

from .maven import tls


def test_a_named_bundle_comes_before_the_system_s(tmp_path: Path) -> None:
    mine = tmp_path / "mine.pem"
    mine.touch()

    assert truststore.certificate_bundle({"REQUESTS_CA_BUNDLE": str(mine)}) == mine
    assert (
        truststore.certificate_bundle({"SSL_CERT_FILE": str(tmp_path / "missing"), "PIP_CERT": str(mine)})
        == mine
    )


def test_every_readable_certificate_is_in_the_store(tmp_path: Path) -> None:
    _, pem = tls(tmp_path)
    broken = "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n"
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(f"a comment\n{broken}{pem.read_text()}")

    options = truststore.write_truststore(bundle, tmp_path / "store")

    stored = pkcs12.load_pkcs12((tmp_path / "store").read_bytes(), truststore.PASSWORD.encode())
    assert len(stored.additional_certs) == 1
    assert options[0] == f"-Djavax.net.ssl.trustStore={tmp_path / 'store'}"


@pytest.mark.parametrize("text", ["", "no certificates here"])
def test_without_certificates_java_keeps_its_own(tmp_path: Path, text: str) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(text)

    assert truststore.write_truststore(bundle, tmp_path / "store") == []
