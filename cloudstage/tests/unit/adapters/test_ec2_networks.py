"""Flow logs and DHCP options are described as they were created."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import ec2_networks

from .gaps import Adapted, with_and_without


@with_and_without(ec2_networks.flow_logs_go_to_folders)
def test_a_flow_log_goes_to_a_folder(client: Callable[[str], Any], adapted: Adapted) -> None:
    ec2 = client("ec2")
    client("s3").create_bucket(
        Bucket="flows", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    options = {"FileFormat": "parquet", "HiveCompatiblePartitions": True, "PerHourPartition": False}
    with adapted:
        made = ec2.create_flow_logs(
            ResourceIds=[vpc],
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="s3",
            LogDestination="arn:aws:s3:::flows/network/",
            DestinationOptions=options,
        )
        assert made["Unsuccessful"] == []
        (flow_log,) = ec2.describe_flow_logs()["FlowLogs"]
    assert flow_log["LogDestination"] == "arn:aws:s3:::flows/network/"
    assert flow_log["DestinationOptions"] == options


@with_and_without(ec2_networks.dhcp_options_are_tagged_when_they_are_created)
def test_dhcp_options_have_their_tags(client: Callable[[str], Any], adapted: Adapted) -> None:
    ec2 = client("ec2")
    tags = [{"Key": "Team", "Value": "data"}]
    with adapted:
        ec2.create_dhcp_options(
            DhcpConfigurations=[{"Key": "domain-name", "Values": ["corp.example"]}],
            TagSpecifications=[{"ResourceType": "dhcp-options", "Tags": tags}],
        )
    (options,) = ec2.describe_dhcp_options()["DhcpOptions"]
    assert options["Tags"] == tags
