"""Gaps in moto's Glue schema registries, as Terraform finds them."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.glue.glue_schema_registry_utils import validate_registry_id
from moto.glue.models import GlueBackend
from moto.glue.responses import GlueResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def registries_have_their_tags(patch: Patch) -> None:
    """GetTags knows the tags that CreateRegistry was given.

    moto 5.2.5 keeps them elsewhere: Terraform wants to add its ``default_tags`` in each plan.
    """
    original = GlueBackend.create_registry

    def create_registry(
        self: GlueBackend,
        registry_name: str,
        description: str | None = None,
        tags: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        created = original(self, registry_name, description, tags)
        self.tag_resource(self.registries[registry_name].registry_arn, tags)
        return created

    patch.replace(GlueBackend, "create_registry", create_registry)


@adapter
def update_registry(patch: Patch) -> None:
    """UpdateRegistry changes the description, all that it can change. moto 5.2.5 does not have it."""

    def update_registry(self: GlueResponse) -> ActionResult:
        name = validate_registry_id(self.parameters["RegistryId"], self.glue_backend.registries)
        registry = self.glue_backend.registries[name]
        registry.description = self.parameters.get("Description", registry.description)
        registry.updated_time = utcnow()
        return ActionResult({"RegistryName": name, "RegistryArn": registry.registry_arn})

    patch.replace(GlueResponse, "update_registry", update_registry)
