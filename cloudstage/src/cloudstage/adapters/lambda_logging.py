"""A gap in moto's Lambda functions: where and how they log."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def function_has_logging_config(patch: Patch) -> None:
    """A function keeps its LoggingConfig, and tells the defaults where there is none.

    moto 5.2.5 drops it: Terraform plans to add it forever, and the log would go to the wrong group.
    """
    create = LambdaFunction.__init__
    describe = LambdaFunction.get_configuration
    update = LambdaFunction.update_configuration

    def initialise(self: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        create(self, account_id, spec, *args, **kwargs)
        self.logging_config = spec.get("LoggingConfig") or {}

    def get_configuration(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        configuration = describe(self, *args, **kwargs)
        defaults = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
        given = getattr(self, "logging_config", {})
        if given.get("LogFormat") == "JSON":
            defaults |= {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
        configuration["LoggingConfig"] = defaults | given
        return configuration

    def update_configuration(self: Any, updates: dict[str, Any]) -> dict[str, Any]:
        self.logging_config = updates.get("LoggingConfig", getattr(self, "logging_config", {}))
        return update(self, updates)

    patch.replace(LambdaFunction, "__init__", initialise)
    patch.replace(LambdaFunction, "get_configuration", get_configuration)
    patch.replace(LambdaFunction, "update_configuration", update_configuration)
