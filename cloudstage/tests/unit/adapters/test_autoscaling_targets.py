"""Scalable targets have tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import autoscaling_targets

from .gaps import Adapted, with_and_without


@with_and_without(autoscaling_targets.targets_have_tags)
def test_a_target_is_tagged(client: Callable[[str], Any], adapted: Adapted) -> None:
    scaling = client("application-autoscaling")
    with adapted:
        arn = scaling.register_scalable_target(
            ServiceNamespace="dynamodb",
            ResourceId="table/orders",
            ScalableDimension="dynamodb:table:ReadCapacityUnits",
            MinCapacity=1,
            MaxCapacity=5,
            Tags={"Team": "data"},
        )["ScalableTargetARN"]
        scaling.tag_resource(ResourceARN=arn, Tags={"Env": "test"})
        assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Team": "data", "Env": "test"}
        scaling.untag_resource(ResourceARN=arn, TagKeys=["Team"])
        assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Env": "test"}
