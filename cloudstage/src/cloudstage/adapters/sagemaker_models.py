"""A gap in how moto's SageMaker describes models."""

from __future__ import annotations

from typing import Any

from moto.sagemaker.models import Model

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def models_without_a_network_name_none(patch: Patch) -> None:
    """DescribeModel has a VpcConfig only if CreateModel had.

    moto 5.2.5 answers an empty one: Terraform wants to replace the model in each plan.
    """
    describe = vars(Model)["response_object"].fget

    def response_object(self: Model) -> dict[str, Any]:
        described: dict[str, Any] = describe(self)
        if not described.get("VpcConfig"):
            described.pop("VpcConfig", None)
        return described

    patch.replace(Model, "response_object", property(response_object))
