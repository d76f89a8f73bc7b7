"""Gaps in moto's Lambda functions, as Terraform meets them."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def function_has_dead_letter_config(patch: Patch) -> None:
    """A function must remember its DeadLetterConfig.

    moto 5.2.5 drops it: Terraform plans to add it forever, and nobody knows where to put an event that was
    given up.
    """
    create = LambdaFunction.__init__
    describe = LambdaFunction.get_configuration
    update = LambdaFunction.update_configuration

    def initialise(self: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        create(self, account_id, spec, *args, **kwargs)
        self.dead_letter_config = spec.get("DeadLetterConfig")

    def get_configuration(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        configuration = describe(self, *args, **kwargs)
        if getattr(self, "dead_letter_config", None):
            configuration["DeadLetterConfig"] = self.dead_letter_config
        return configuration

    def update_configuration(self: Any, updates: dict[str, Any]) -> dict[str, Any]:
        self.dead_letter_config = updates.get("DeadLetterConfig", getattr(self, "dead_letter_config", None))
        return update(self, updates)

    patch.replace(LambdaFunction, "__init__", initialise)
    patch.replace(LambdaFunction, "get_configuration", get_configuration)
    patch.replace(LambdaFunction, "update_configuration", update_configuration)
