"""Schema registries have tags and can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import glue_schema_registries

from .gaps import Adapted, with_and_without


@with_and_without(glue_schema_registries.registries_have_their_tags)
def test_a_registry_has_the_tags_it_was_created_with(client: Callable[[str], Any], adapted: Adapted) -> None:
    glue = client("glue")
    with adapted:
        arn = glue.create_registry(RegistryName="events", Tags={"Team": "data"})["RegistryArn"]
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"Team": "data"}


@with_and_without(glue_schema_registries.update_registry)
def test_a_registry_gets_another_description(client: Callable[[str], Any], adapted: Adapted) -> None:
    glue = client("glue")
    glue.create_registry(RegistryName="events", Description="Before")
    with adapted:
        glue.update_registry(RegistryId={"RegistryName": "events"}, Description="After")
    assert glue.get_registry(RegistryId={"RegistryName": "events"})["Description"] == "After"
