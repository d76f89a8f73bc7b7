"""A gap in how moto's Lambda configures asynchronous invocations."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import UnknownEventConfig
from moto.awslambda.models import EventInvokeConfig
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import ActionResult

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

LATEST = "$LATEST"


@adapter
def each_qualifier_has_its_own(patch: Patch) -> None:
    """A function has one configuration for each version and alias, and the last one put is the one that counts.

    moto 5.2.5 reads the first one ever put, whatever the qualifier: Terraform can't change one, and finds that of
    the function where it asks for an alias's.
    """

    def put(self: LambdaResponse) -> ActionResult:
        return _put(self, self.json_body)

    def update(self: LambdaResponse) -> ActionResult:
        return _put(self, _found(self).config | self.json_body)

    def get(self: LambdaResponse) -> ActionResult:
        return ActionResult(_found(self).response())

    def delete(self: LambdaResponse) -> Any:
        _found(self)
        function, qualifier = _addressed(self)
        del _configs(function)[qualifier]
        return 204, {"status": 204}, "{}"

    def list_all(self: LambdaResponse) -> ActionResult:
        function = self.backend.get_function(unquote(self.path.split("/")[3]))
        configs = [each.response() for each in _configs(function).values()]
        return ActionResult({"FunctionEventInvokeConfigs": configs})

    patch.replace(LambdaResponse, "put_function_event_invoke_config", put)
    patch.replace(LambdaResponse, "update_function_event_invoke_config", update)
    patch.replace(LambdaResponse, "get_function_event_invoke_config", get)
    patch.replace(LambdaResponse, "delete_function_event_invoke_config", delete)
    patch.replace(LambdaResponse, "list_function_event_invoke_configs", list_all)


def event_invoke_config(function: Any, qualifier: str) -> dict[str, Any]:
    """How events for a version or alias of an unqualified ``function`` are handled; empty if it was never said."""
    found = _configs(function).get(qualifier)
    return dict(found.config) if found else {}


def _configs(function: Any) -> dict[str, EventInvokeConfig]:
    """The configurations of a function by their qualifiers; they are saved with the function."""
    configs: dict[str, EventInvokeConfig] = vars(function).setdefault("event_invoke_configs", {})
    return configs


def _addressed(response: LambdaResponse) -> tuple[Any, str]:
    """The function that a request names, without its qualifier, and the qualifier."""
    name = unquote(response.path.split("/")[3])
    unqualified, qualifier = name, response.querystring.get("Qualifier", [""])[0]
    parts = name.split(":")
    if len(parts) in (2, 8):  # of a name, and of an ARN
        unqualified, qualifier = name.rpartition(":")[0], parts[-1]
    return response.backend.get_function(unqualified), qualifier or LATEST


def _put(response: LambdaResponse, given: dict[str, Any]) -> ActionResult:
    function, qualifier = _addressed(response)
    arn = f"{function.function_arn}:{qualifier}"
    config = EventInvokeConfig(arn, function.last_modified, given)
    _configs(function)[qualifier] = config
    return ActionResult(config.response())


def _found(response: LambdaResponse) -> EventInvokeConfig:
    function, qualifier = _addressed(response)
    if qualifier not in _configs(function):
        raise UnknownEventConfig(f"{function.function_arn}:{qualifier}")
    return _configs(function)[qualifier]
