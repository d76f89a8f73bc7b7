"""Ivy finds its way through a company's network."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudstage import runtimes
from cloudstage.errors import CloudstageError
from cloudstage.runtimes import java
from cloudstage.runtimes.jars import ivy
from cloudstage.runtimes.jars.truststore import VARIABLES

from .maven import MavenRepository, serve, tls

COORDINATE = "org.example:first:1.0"


@pytest.fixture
def spark_jars() -> Path:
    return runtimes.ensure("glue-5.1", print).site_packages / "pyspark/jars"


def test_certificates_of_the_company_are_trusted(
    spark_jars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = tls(tmp_path)
    repository = MavenRepository()
    repository.put(COORDINATE, b"content")
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    with serve(repository, context):
        monkeypatch.setenv("CLOUDSTAGE_MAVEN_REPOSITORY", repository.address)
        with pytest.raises(CloudstageError, match="PKIX path building failed"):
            ivy.fetch(java.find("17"), spark_jars, [COORDINATE], tmp_path / "distrustful", lambda: None)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        files = ivy.fetch(java.find("17"), spark_jars, [COORDINATE], tmp_path / "trusting", lambda: None)

    assert files[COORDINATE].read_bytes() == b"content"


def test_a_settings_file_of_ones_own_wins(
    spark_jars: Path, tmp_path: Path, repository: MavenRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "ivysettings.xml"
    settings.write_text(
        '<ivysettings><settings defaultResolver="mine"/><resolvers>'
        f'<ibiblio name="mine" m2compatible="true" root="{repository.address}"/></resolvers></ivysettings>'
    )
    monkeypatch.setenv("CLOUDSTAGE_MAVEN_REPOSITORY", "http://127.0.0.1:9/")
    monkeypatch.setenv("CLOUDSTAGE_IVY_SETTINGS", str(settings))

    files = ivy.fetch(java.find("17"), spark_jars, [COORDINATE], tmp_path / "ivy", lambda: None)

    assert files[COORDINATE].is_file()


def test_a_proxy_that_wants_a_password_is_used(
    spark_jars: Path, tmp_path: Path, repository: MavenRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The repository plays the proxy: to a proxy, a request names the whole address."""
    repository.files.update({f"http://maven.example{path}": body for path, body in repository.files.items()})
    for name in ("no_proxy", "NO_PROXY", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    repository.password = "me:p@ss"
    monkeypatch.setenv("http_proxy", repository.address.replace("//", "//me:p%40ss@"))
    monkeypatch.setenv("CLOUDSTAGE_MAVEN_REPOSITORY", "http://maven.example/")

    files = ivy.fetch(java.find("17"), spark_jars, [COORDINATE], tmp_path / "ivy", lambda: None)

    assert files[COORDINATE].is_file()
    assert all(path.startswith("http://maven.example/") for path in repository.asked)


@pytest.mark.parametrize(
    ("environment", "options"),
    [
        ({}, []),
        ({"NO_PROXY": "x"}, []),
        (
            {"HTTPS_PROXY": "http://proxy.example:3128"},
            ["-Dhttps.proxyHost=proxy.example", "-Dhttps.proxyPort=3128"],
        ),
        (
            {"https_proxy": "proxy.example", "HTTPS_PROXY": "http://other:1"},
            ["-Dhttps.proxyHost=proxy.example", "-Dhttps.proxyPort=80"],
        ),
        (
            {"HTTPS_PROXY": "http://proxy:8080", "NO_PROXY": "localhost, .example.com"},
            [
                "-Dhttps.proxyHost=proxy",
                "-Dhttps.proxyPort=8080",
                "-Dhttp.nonProxyHosts=localhost|*.example.com",
            ],
        ),
        (
            {"HTTPS_PROXY": "http://me:p%40ss@proxy:8080"},
            [
                "-Dhttps.proxyHost=proxy",
                "-Dhttps.proxyPort=8080",
                "-Djdk.http.auth.tunneling.disabledSchemes=",
                "-Dhttp.proxyUser=me",
                "-Dhttp.proxyPassword=p@ss",
            ],
        ),
    ],
)
def test_proxy_options(environment: dict[str, str], options: list[str]) -> None:
    assert ivy.proxy_options(environment) == options
