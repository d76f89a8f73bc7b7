"""Fetch Java archives with the Ivy that Spark carries, which knows where the public Maven repository is.

Settings, all optional:

- ``HTTPS_PROXY`` / ``HTTP_PROXY`` (with user and password if need be) and ``NO_PROXY``;
- ``SSL_CERT_FILE``, ``REQUESTS_CA_BUNDLE``: certificates to trust, see ``truststore``;
- ``CLOUDSTAGE_MAVEN_REPOSITORY``: the address of a company's Maven mirror, used instead of the public repository;
- ``CLOUDSTAGE_IVY_SETTINGS``: a whole Ivy settings file, for a mirror that wants credentials.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from cloudstage.errors import CloudstageError
from cloudstage.runtimes.java import Java
from cloudstage.tether import tethered_command

POLL_SECONDS = 0.5
QUICK_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
MOST_REASONS = 5
Poll = Callable[[], None]


def fetch(
    java: Java, spark_jars: Path, coordinates: Sequence[str], cache: Path, poll: Poll
) -> dict[str, Path]:
    """Fetch each ``group:artifact:version`` (that archive only, not what it depends on) into Ivy's ``cache``.

    What an interrupted fetch has completed is not fetched again. ``poll`` is called about twice a second.

    Returns:
        The file of each coordinate, inside ``cache``.

    Raises:
        CloudstageError: Ivy could not get them all; the message has its reasons.
    """
    with tempfile.TemporaryDirectory(prefix="cloudstage-ivy-") as name:
        scratch = Path(name)
        (scratch / "ivy.xml").write_text(_module(coordinates), encoding="utf-8")
        ivy = next(spark_jars.glob("ivy-*.jar"))
        options = [*QUICK_START, *_trust(scratch), *proxy_options(os.environ), "-cp", str(ivy)]
        command = [str(java.executable), _option_file(scratch, options), "org.apache.ivy.Main"]
        command += ["-ivy", str(scratch / "ivy.xml"), "-cache", str(cache), *_settings(scratch)]
        code, said = _run(command, scratch / "ivy.log", poll)
    files = {one: _cached(cache, one) for one in coordinates}
    missing = [one for one, file in files.items() if not file.is_file()]
    if code or missing:
        raise CloudstageError(
            f"Spark's Java archives could not be fetched ({', '.join(missing) or 'Ivy failed'}).\n"
            f"{_reasons(said)}\n"
            "Check the network and run the same command again: what has arrived is kept. Behind a proxy set "
            "HTTPS_PROXY; for a company's certificates SSL_CERT_FILE, for its mirror CLOUDSTAGE_MAVEN_REPOSITORY."
        )
    return files


def proxy_options(environment: Mapping[str, str]) -> list[str]:
    """Java's options for the proxy that the usual environment variables name."""
    options = []
    for scheme in ("http", "https"):
        address = environment.get(f"{scheme}_proxy") or environment.get(f"{scheme.upper()}_PROXY")
        if not address:
            continue
        proxy = urllib.parse.urlsplit(address if "//" in address else f"//{address}")
        options += [f"-D{scheme}.proxyHost={proxy.hostname}", f"-D{scheme}.proxyPort={proxy.port or 80}"]
        if proxy.username:
            # Java refuses passwords in clear text to a proxy unless told that this one wants it so.
            options.append("-Djdk.http.auth.tunneling.disabledSchemes=")
            # Ivy asks for these two names, whatever the scheme.
            options.append(f"-Dhttp.proxyUser={urllib.parse.unquote(proxy.username)}")
            options.append(f"-Dhttp.proxyPassword={urllib.parse.unquote(proxy.password or '')}")
    excluded = environment.get("no_proxy") or environment.get("NO_PROXY")
    if options and excluded:
        hosts = [
            f"*{host}" if host.startswith(".") else host
            for host in excluded.replace(" ", "").split(",")
            if host
        ]
        options.append("-Dhttp.nonProxyHosts=" + "|".join(hosts))
    return options


def _module(coordinates: Sequence[str]) -> str:
    lines = []
    for coordinate in coordinates:
        group, artifact, version = (quoteattr(part) for part in coordinate.split(":"))
        lines.append(
            f"<dependency org={group} name={artifact} rev={version}"
            ' transitive="false" conf="default-&gt;master"/>'
        )
    return (
        '<ivy-module version="2.0"><info organisation="cloudstage" module="jars"/>'
        '<configurations><conf name="default"/></configurations>'
        f"<dependencies>{''.join(lines)}</dependencies></ivy-module>"
    )


def _option_file(scratch: Path, options: Sequence[str]) -> str:
    """Java's options in a file: one may be a proxy's password, and command lines are public."""
    file = scratch / "java.options"
    quoted = [option.replace("\\", "\\\\").replace('"', '\\"') for option in options]
    file.write_text("\n".join(f'"{option}"' for option in quoted), encoding="utf-8")
    return f"@{file}"


def _settings(scratch: Path) -> list[str]:
    if given := os.environ.get("CLOUDSTAGE_IVY_SETTINGS"):
        return ["-settings", given]
    if not (mirror := os.environ.get("CLOUDSTAGE_MAVEN_REPOSITORY")):
        return []
    file = scratch / "ivysettings.xml"
    file.write_text(
        '<ivysettings><settings defaultResolver="mirror"/><resolvers>'
        f'<ibiblio name="mirror" m2compatible="true" root={quoteattr(mirror)}/></resolvers></ivysettings>',
        encoding="utf-8",
    )
    return ["-settings", str(file)]


def _trust(scratch: Path) -> list[str]:
    # It loads a library of cryptography, which nobody else at the command line needs.
    from cloudstage.runtimes.jars.truststore import certificate_bundle, write_truststore

    bundle = certificate_bundle()
    return write_truststore(bundle, scratch / "truststore.p12") if bundle else []


def _run(command: list[str], log: Path, poll: Poll) -> tuple[int, str]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            tethered_command(command, grace_seconds=0),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while True:
                try:
                    code = process.wait(POLL_SECONDS)
                except subprocess.TimeoutExpired:
                    poll()
                else:
                    return code, log.read_text(encoding="utf-8", errors="replace")
        finally:
            process.terminate()
            process.wait()


def _cached(cache: Path, coordinate: str) -> Path:
    group, artifact, version = coordinate.split(":")
    folder = cache / group / artifact
    found = [
        file
        for kind in ("jars", "bundles")
        if (file := folder / kind / f"{artifact}-{version}.jar").is_file()
    ]
    return found[0] if found else folder / "jars" / f"{artifact}-{version}.jar"


def _reasons(said: str) -> str:
    """The first lines in which Ivy reports a failure: it repeats itself for every archive."""
    words = ("FAILED", "not found", "Server access", "xception")
    lines = dict.fromkeys(line.strip() for line in said.splitlines() if any(word in line for word in words))
    return "\n".join(f"  {line[:300]}" for line in list(lines)[:MOST_REASONS]) or said[-1000:]
