"""The Glue catalog as the lock that Iceberg's commits rely on."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.glue.models import FakeTable

from cloudstage.adapters import glue_catalog
from cloudstage.adapters.registry import applied

from .gaps import Adapted, with_and_without

WRITERS = 16


@pytest.fixture
def glue(client: Callable[[str], Any]) -> Any:
    glue = client("glue")
    glue.create_database(DatabaseInput={"Name": "lake"})
    return glue


def commit(glue: Any, metadata: str, **options: Any) -> None:
    """What Iceberg 1.10's GlueTableOperations sends: the new metadata, SkipArchive, and the version it read."""
    parameters = {"table_type": "ICEBERG", "metadata_location": metadata}
    glue.update_table(
        DatabaseName="lake",
        TableInput={"Name": "observations", "TableType": "EXTERNAL_TABLE", "Parameters": parameters},
        SkipArchive=True,
        **options,
    )


def table(glue: Any) -> Any:
    return glue.get_table(DatabaseName="lake", Name="observations")["Table"]


@with_and_without(glue_catalog.update_table_checks_version_id)
def test_a_commit_on_an_outdated_version_is_refused(glue: Any, adapted: Adapted) -> None:
    with adapted:
        glue.create_table(DatabaseName="lake", TableInput={"Name": "observations"})
        read_by_both = table(glue)["VersionId"]
        commit(glue, "s3://lake/first.json", VersionId=read_by_both)
        with pytest.raises(ClientError) as refused:
            commit(glue, "s3://lake/second.json", VersionId=read_by_both)

    assert refused.value.response["Error"]["Code"] == "ConcurrentModificationException"
    assert table(glue)["Parameters"]["metadata_location"] == "s3://lake/first.json"
    assert table(glue)["VersionId"] != read_by_both


def test_of_many_commits_at_once_on_one_version_one_wins(glue: Any) -> None:
    glue.create_table(DatabaseName="lake", TableInput={"Name": "observations"})
    version = table(glue)["VersionId"]
    together = threading.Barrier(WRITERS)

    def attempt(writer: int) -> bool:
        together.wait()
        try:
            commit(glue, f"s3://lake/{writer}.json", VersionId=version)
        except glue.exceptions.ConcurrentModificationException:
            return False
        return True

    with applied(glue_catalog.update_table_checks_version_id), ThreadPoolExecutor(WRITERS) as pool:
        won = list(pool.map(attempt, range(WRITERS)))

    assert won.count(True) == 1
    assert table(glue)["Parameters"]["metadata_location"] == f"s3://lake/{won.index(True)}.json"


def test_an_update_without_version_is_taken_as_it_is(glue: Any) -> None:
    """Terraform and plain clients send none."""
    with applied(glue_catalog.update_table_checks_version_id):
        glue.create_table(DatabaseName="lake", TableInput={"Name": "observations"})
        commit(glue, "s3://lake/first.json")
        commit(glue, "s3://lake/second.json")
    assert table(glue)["Parameters"]["metadata_location"] == "s3://lake/second.json"


def test_an_update_of_a_missing_table_says_so(glue: Any) -> None:
    with (
        applied(glue_catalog.update_table_checks_version_id),
        pytest.raises(glue.exceptions.EntityNotFoundException),
    ):
        commit(glue, "s3://lake/first.json", VersionId="1")


@with_and_without(glue_catalog.create_table_is_atomic)
def test_of_two_creations_at_once_one_is_told(
    glue: Any, adapted: Adapted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both get past the question whether the table exists, or the second has to wait for the first."""
    initialise = FakeTable.__init__
    both_inside = threading.Barrier(2)

    def meet_then_initialise(self: FakeTable, *args: Any, **kwargs: Any) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):  # the other one is kept out, as it must be
            both_inside.wait(timeout=0.3)
        initialise(self, *args, **kwargs)

    def create(_: int) -> str:
        try:
            glue.create_table(DatabaseName="lake", TableInput={"Name": "observations"})
        except glue.exceptions.AlreadyExistsException:
            return "told"
        return "created"

    monkeypatch.setattr(FakeTable, "__init__", meet_then_initialise)
    with adapted, ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(create, range(2)))

    assert outcomes == ["created", "told"]
