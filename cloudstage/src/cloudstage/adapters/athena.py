"""Gaps in moto's Athena workgroups and data catalogs, as Terraform finds them."""

from __future__ import annotations

import json
from typing import Any

from moto.athena.models import AthenaBackend
from moto.athena.responses import AthenaResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def update_work_group(patch: Patch) -> None:
    """UpdateWorkGroup must change the workgroup's configuration, description and state.

    moto 5.2.5 has no UpdateWorkGroup: a workgroup could be created but not changed.
    """

    def update_work_group(self: AthenaResponse) -> str:
        request: dict[str, Any] = json.loads(self.body)
        group = self.athena_backend.work_groups[request["WorkGroup"]]
        group.description = request.get("Description", group.description)
        group.state = request.get("State", group.state)
        updates = request.get("ConfigurationUpdates", {})
        results = updates.pop("ResultConfigurationUpdates", None)
        removals = {
            name.removeprefix("Remove")
            for name, remove in updates.items()
            if name.startswith("Remove") and remove
        }
        kept = {name: value for name, value in group.configuration.items() if name not in removals}
        changed = {name: value for name, value in updates.items() if not name.startswith("Remove")}
        group.configuration = kept | changed
        if results is not None:
            group.configuration["ResultConfiguration"] = {
                name: value for name, value in results.items() if not name.startswith("Remove")
            }
        return "{}"

    patch.replace(AthenaResponse, "update_work_group", update_work_group)


@adapter
def work_groups_publish_metrics(patch: Patch) -> None:
    """A workgroup that is created without a configuration publishes metrics, unless told otherwise.

    moto 5.2.5 says that it does not, which Terraform plans to change, again and again. Its acceptance tests
    (hashicorp/terraform-provider-aws, ``TestAccAthenaWorkGroup_basic``) show what AWS answers.
    """
    original = AthenaBackend.create_work_group

    def create_work_group(
        self: AthenaBackend, name: str, configuration: dict[str, Any] | None, *args: Any, **kwargs: Any
    ) -> Any:
        configured = configuration or {"PublishCloudWatchMetricsEnabled": True}
        return original(self, name, configured, *args, **kwargs)

    patch.replace(AthenaBackend, "create_work_group", create_work_group)


@adapter
def untagged_resources_have_no_tags(patch: Patch) -> None:
    """ListTagsForResource of a workgroup, data catalog or capacity reservation without tags is an empty list.

    moto 5.2.5 answers 400 "Does Not Exist": Terraform can't apply, nor plan, a workgroup without tags.
    """
    original = AthenaBackend.list_tags_for_resource

    def list_tags_for_resource(self: AthenaBackend, resource_arn: str) -> dict[str, Any] | None:
        resources = (
            *self.work_groups.values(),
            *self.data_catalogs.values(),
            *self.capacity_reservations.values(),
        )
        untagged = any(resource.arn == resource_arn for resource in resources)
        return original(self, resource_arn) or ({"Tags": []} if untagged else None)

    patch.replace(AthenaBackend, "list_tags_for_resource", list_tags_for_resource)
