"""Athena workgroups can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import athena

from .gaps import Adapted, with_and_without


@pytest.fixture
def workgroups(client: Callable[[str], Any]) -> Any:
    workgroups = client("athena")
    workgroups.create_work_group(
        Name="dst",
        Description="Before",
        Configuration={
            "BytesScannedCutoffPerQuery": 10485760,
            "EnforceWorkGroupConfiguration": True,
            "ResultConfiguration": {"OutputLocation": "s3://artifacts/athena/"},
        },
    )
    return workgroups


@with_and_without(athena.update_work_group)
def test_an_update_changes_what_it_names(workgroups: Any, adapted: Adapted) -> None:
    with adapted:
        workgroups.update_work_group(
            WorkGroup="dst",
            Description="After",
            State="DISABLED",
            ConfigurationUpdates={
                "BytesScannedCutoffPerQuery": 20971520,
                "ResultConfigurationUpdates": {
                    "OutputLocation": "s3://artifacts/results/",
                    "RemoveEncryptionConfiguration": True,
                },
            },
        )
    group = workgroups.get_work_group(WorkGroup="dst")["WorkGroup"]
    assert (group["Description"], group["State"]) == ("After", "DISABLED")
    assert group["Configuration"]["BytesScannedCutoffPerQuery"] == 20971520
    assert group["Configuration"]["EnforceWorkGroupConfiguration"] is True
    assert group["Configuration"]["ResultConfiguration"] == {"OutputLocation": "s3://artifacts/results/"}


@with_and_without(athena.update_work_group)
def test_an_update_removes_a_limit(workgroups: Any, adapted: Adapted) -> None:
    with adapted:
        workgroups.update_work_group(
            WorkGroup="dst", ConfigurationUpdates={"RemoveBytesScannedCutoffPerQuery": True}
        )
    configuration = workgroups.get_work_group(WorkGroup="dst")["WorkGroup"]["Configuration"]
    assert "BytesScannedCutoffPerQuery" not in configuration
