"""A gap in moto's Application Auto Scaling."""

from __future__ import annotations

import json
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def targets_have_tags(patch: Patch) -> None:
    """A scalable target is tagged when it is registered, or later, and its tags are listed.

    moto 5.2.5 has no tags of targets: Terraform can't apply one, nor plan it.
    """
    register = ApplicationAutoScalingResponse.register_scalable_target

    def register_scalable_target(self: ApplicationAutoScalingResponse) -> str:
        answer = register(self)
        _tags(self, json.loads(answer)["ScalableTargetARN"]).update(self._get_param("Tags") or {})
        return answer

    def list_tags_for_resource(self: ApplicationAutoScalingResponse) -> str:
        return json.dumps({"Tags": _tags(self, self._get_param("ResourceARN"))})

    def tag_resource(self: ApplicationAutoScalingResponse) -> str:
        _tags(self, self._get_param("ResourceARN")).update(self._get_param("Tags"))
        return "{}"

    def untag_resource(self: ApplicationAutoScalingResponse) -> str:
        tags = _tags(self, self._get_param("ResourceARN"))
        for name in self._get_param("TagKeys"):
            tags.pop(name, None)
        return "{}"

    for operation in (register_scalable_target, list_tags_for_resource, tag_resource, untag_resource):
        patch.replace(ApplicationAutoScalingResponse, operation.__name__, operation)


def _tags(response: ApplicationAutoScalingResponse, arn: str) -> dict[str, Any]:
    """The tags of a target; they are saved with the region's targets."""
    all_tags: dict[str, dict[str, Any]] = vars(response.applicationautoscaling_backend).setdefault("tags", {})
    return all_tags.setdefault(arn, {})
