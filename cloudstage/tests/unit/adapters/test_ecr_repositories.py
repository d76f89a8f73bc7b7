"""Scans of a repository's images can be switched off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import ecr_repositories

from .gaps import Adapted, with_and_without


@with_and_without(ecr_repositories.scanning_can_be_switched_off)
def test_an_empty_configuration_switches_scans_off(client: Callable[[str], Any], adapted: Adapted) -> None:
    ecr = client("ecr")
    ecr.create_repository(repositoryName="etl", imageScanningConfiguration={"scanOnPush": True})
    with adapted:
        ecr.put_image_scanning_configuration(repositoryName="etl", imageScanningConfiguration={})
    (repository,) = ecr.describe_repositories()["repositories"]
    assert repository["imageScanningConfiguration"] == {"scanOnPush": False}
