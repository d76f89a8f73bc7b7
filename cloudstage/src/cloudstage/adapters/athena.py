"""Gaps in moto's Athena workgroups, as Terraform meets them."""

from __future__ import annotations

import json
from typing import Any

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
