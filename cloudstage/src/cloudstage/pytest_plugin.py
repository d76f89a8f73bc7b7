"""Fixtures for the tests of any project: ``cloudstage`` runs while they do.

::

    def test_the_stack(cloudstage):
        subprocess.run(["terraform", "apply", "-auto-approve"], env=cloudstage.process_environment(os.environ))
        s3 = boto3.client("s3")  # reaches the cloudstage: its variables are set while a test runs

Configure it by the variables ``CLOUDSTAGE_REGION`` and so on, by ``cloudstage.toml`` in pytest's root
directory, or by overriding the fixture ``cloudstage_configuration``. With pytest-xdist each worker has its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from cloudstage.configuration import Configuration, load
from cloudstage.environment import conflicting
from cloudstage.lifecycle import Cloudstage, Running


@pytest.fixture(scope="session")
def cloudstage_configuration(pytestconfig: pytest.Config) -> Configuration:
    """The configuration of the cloudstage that the tests share; override it to choose another."""
    _, configuration = load({}, os.environ, pytestconfig.rootpath)
    return configuration


@pytest.fixture(scope="session")
def cloudstage_of_session(
    cloudstage_configuration: Configuration, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """One empty cloudstage for all tests of a session; it ends with them, even by ``kill -9``."""
    directory = tmp_path_factory.mktemp("cloudstage") / "cloudstage"
    with Cloudstage(directory, cloudstage_configuration).tethered() as running:
        yield running


@pytest.fixture
def cloudstage(cloudstage_of_session: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The session's cloudstage; AWS clients that the test makes, or its child processes, reach it."""
    for name in conflicting(os.environ):
        monkeypatch.delenv(name)
    for name, value in cloudstage_of_session.process_environment(os.environ).items():
        monkeypatch.setenv(name, value)
    return cloudstage_of_session
