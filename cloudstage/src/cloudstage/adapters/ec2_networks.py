"""Gaps in moto's virtual networks, as Terraform finds them."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.flow_logs import FlowLogsBackend
from moto.ec2.responses.dhcp_options import DHCPOptions
from moto.ec2.responses.flow_logs import FlowLogs

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def flow_logs_go_to_folders(patch: Patch) -> None:
    """The flow log of a network may go to a folder of a bucket, in a form of its own.

    moto 5.2.5 takes the folder for a part of the bucket's name and refuses it, and forgets the form, so that Terraform
    wants to replace the flow log in each plan. Nothing is logged.
    """
    backend_create, create = FlowLogsBackend.create_flow_logs, FlowLogs.create_flow_logs

    def create_in_backend(self: FlowLogsBackend, log_destination: str, **given: Any) -> Any:
        bucket = (log_destination or "").partition("/")[0] or None
        in_bucket = given["log_destination_type"] == "s3"
        destination: Any = bucket if in_bucket else log_destination
        made, failed = backend_create(self, log_destination=destination, **given)
        for flow_log in made:
            flow_log.log_destination = log_destination
        return made, failed

    def create_flow_logs(self: FlowLogs) -> Any:
        answer: Any = create(self)
        options = self._get_param("DestinationOptions")
        for flow_log_id in answer.result["FlowLogIds"] if options else ():
            self.ec2_backend.flow_logs[flow_log_id].destination_options = options
        return answer

    patch.replace(FlowLogsBackend, "create_flow_logs", create_in_backend)
    patch.replace(FlowLogs, "create_flow_logs", create_flow_logs)


@adapter
def dhcp_options_are_tagged_when_they_are_created(patch: Patch) -> None:
    """The tags in CreateDhcpOptions are those of the options.

    moto 5.2.5 drops them: Terraform wants to add its ``default_tags`` in the next plan.
    """
    original = DHCPOptions.create_dhcp_options

    def create_dhcp_options(self: DHCPOptions) -> Any:
        answer: Any = original(self)
        answer.result["DhcpOptions"].add_tags(self._parse_tag_specification().get("dhcp-options", {}))
        return answer

    patch.replace(DHCPOptions, "create_dhcp_options", create_dhcp_options)
