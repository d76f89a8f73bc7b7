"""A key's rotation has a period."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import kms_keys

from .gaps import Adapted, with_and_without


@with_and_without(kms_keys.rotation_has_a_period)
def test_the_period_is_kept(client: Callable[[str], Any], adapted: Adapted) -> None:
    kms = client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    with adapted:
        kms.enable_key_rotation(KeyId=key)
        assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365
        kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
        assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 180
