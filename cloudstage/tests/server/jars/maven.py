"""A Maven repository on this machine, over HTTP or HTTPS, that serves what a test puts into it."""

from __future__ import annotations

import base64
import datetime
import hashlib
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

POM = (
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    "<groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></project>"
)


class MavenRepository:
    """Archives by coordinate, and what was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.address = ""
        self.password: str | None = None
        """What a client must say to this repository as to a proxy: ``user:password``."""

    def put(self, coordinate: str, content: bytes) -> None:
        """Offer ``content`` as the archive of ``group:artifact:version``."""
        group, artifact, version = coordinate.split(":")
        base = f"/{group.replace('.', '/')}/{artifact}/{version}/{artifact}-{version}"
        for name, body in (
            (f"{base}.jar", content),
            (f"{base}.pom", POM.format(*coordinate.split(":")).encode()),
        ):
            self.files[name] = body
            self.files[f"{name}.sha1"] = hashlib.sha1(body, usedforsecurity=False).hexdigest().encode()

    def lets_in(self, authorization: str | None) -> bool:
        """Whether a client has said the password, if there is one."""
        expected = f"Basic {base64.b64encode((self.password or '').encode()).decode()}"
        return self.password is None or authorization == expected

    def archives_asked(self) -> list[str]:
        """The archives that were fetched, without their checksums."""
        return [path.rpartition("/")[2] for path in self.asked if path.endswith(".jar")]


@contextmanager
def serve(repository: MavenRepository, context: ssl.SSLContext | None = None) -> Iterator[MavenRepository]:
    """Serve a repository for the duration of a ``with`` block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            if not repository.lets_in(self.headers.get("Proxy-Authorization")):
                self.send_response(407)
                self.send_header("Proxy-Authenticate", 'Basic realm="a company"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = repository.files.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            if with_body and body is not None:
                repository.asked.append(self.path)
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    repository.address = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield repository
    finally:
        server.shutdown()
        server.server_close()


def tls(directory: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS with a certificate that nobody knows, and the PEM file of that certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a company")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = directory / "company.pem", directory / "server.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encoding, format_ = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(encoding, format_, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context, pem
