"""A gap in moto's ECR repositories, as Terraform finds it."""

from __future__ import annotations

from typing import Any

from moto.ecr.models import ECRBackend

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def scanning_can_be_switched_off(patch: Patch) -> None:
    """A configuration of scans that says nothing switches them off: the SDK for Go leaves out what is false.

    moto 5.2.5 then changes nothing.
    """
    original = ECRBackend.put_image_scanning_configuration

    def put_image_scanning_configuration(
        self: ECRBackend, registry_id: str, repository_name: str, image_scan_config: dict[str, Any]
    ) -> dict[str, Any]:
        return original(self, registry_id, repository_name, {"scanOnPush": False} | image_scan_config)

    patch.replace(ECRBackend, "put_image_scanning_configuration", put_image_scanning_configuration)
