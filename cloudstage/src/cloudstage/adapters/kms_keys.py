"""A gap in moto's KMS keys."""

from __future__ import annotations

import json
from typing import Any

from moto.kms.responses import KmsResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

DEFAULT_DAYS = 365


@adapter
def rotation_has_a_period(patch: Patch) -> None:
    """GetKeyRotationStatus says how many days there are between two rotations.

    moto 5.2.5 does not keep it: Terraform wants to set ``rotation_period_in_days`` in each plan.
    """
    enable, status = KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status

    def enable_key_rotation(self: KmsResponse) -> Any:
        answer = enable(self)
        days = self._get_param("RotationPeriodInDays")
        if days:
            _key(self).rotation_period_days = days
        return answer

    def get_key_rotation_status(self: KmsResponse) -> str:
        described = json.loads(status(self))
        if described["KeyRotationEnabled"]:
            described["RotationPeriodInDays"] = vars(_key(self)).get("rotation_period_days", DEFAULT_DAYS)
        return json.dumps(described | {"KeyId": _key(self).id})

    patch.replace(KmsResponse, "enable_key_rotation", enable_key_rotation)
    patch.replace(KmsResponse, "get_key_rotation_status", get_key_rotation_status)


def _key(response: KmsResponse) -> Any:
    backend = response.kms_backend
    return backend.keys[backend.get_key_id(response._get_param("KeyId"))]
