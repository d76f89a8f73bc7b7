"""Models are described as they were created."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import sagemaker_models

from .gaps import Adapted, with_and_without


@with_and_without(sagemaker_models.models_without_a_network_name_none)
def test_a_model_without_a_network_has_no_vpc_config(client: Callable[[str], Any], adapted: Adapted) -> None:
    sagemaker = client("sagemaker")
    role = "arn:aws:iam::123456789012:role/model"
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=role, PrimaryContainer={"Image": "i"})
    with adapted:
        assert "VpcConfig" not in sagemaker.describe_model(ModelName="m")
