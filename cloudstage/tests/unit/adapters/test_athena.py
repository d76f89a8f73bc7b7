"""Athena workgroups can be changed, and need no tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import athena
from cloudstage.adapters.registry import applied

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


@with_and_without(athena.untagged_resources_have_no_tags)
def test_resources_need_no_tags(workgroups: Any, adapted: Adapted) -> None:
    workgroups.create_data_catalog(Name="other", Type="GLUE", Parameters={"catalog-id": "123456789012"})
    arns = [
        f"arn:aws:athena:eu-central-1:123456789012:{what}" for what in ("workgroup/dst", "datacatalog/other")
    ]
    with adapted:
        for arn in arns:
            assert workgroups.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
            workgroups.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "b"}])
            assert workgroups.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "b"}]


def test_what_does_not_exist_has_no_list_of_tags(workgroups: Any) -> None:
    with (
        applied(athena.untagged_resources_have_no_tags),
        pytest.raises(workgroups.exceptions.ClientError, match="Does Not Exist"),
    ):
        workgroups.list_tags_for_resource(ResourceARN="arn:aws:athena:eu-central-1:123456789012:workgroup/no")


@with_and_without(athena.work_groups_publish_metrics)
def test_a_workgroup_without_a_configuration_publishes_metrics(
    client: Callable[[str], Any], adapted: Adapted
) -> None:
    groups = client("athena")
    with adapted:
        groups.create_work_group(Name="plain")
    configuration = groups.get_work_group(WorkGroup="plain")["WorkGroup"]["Configuration"]
    assert configuration["PublishCloudWatchMetricsEnabled"] is True
