"""A gap in how moto's Lambda keeps the settings of asynchronous invocation.

Source: "PutFunctionEventInvokeConfig" in the AWS Lambda API reference, and the service's answers.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import unquote

from moto.awslambda.exceptions import (
    InvalidParameterValueException,
    LambdaClientError,
    UnknownEventConfig,
    UnknownFunctionException,
)
from moto.awslambda.models import EventInvokeConfig, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from cloudstage.adapters.lambda_names import bare
from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

SETTINGS = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
DESTINATIONS = ("events", "lambda", "s3", "sns", "sqs")
LARGEST_PAGE = 50


class Named(NamedTuple):
    """The function of a request, with the version or alias that the request names."""

    request: Any
    name: str
    qualifier: str

    @property
    def arn(self) -> str:
        """The qualified ARN, whether the function exists or not."""
        backend = self.request.backend
        place = f"{backend.region_name}:{backend.account_id}"
        return f"arn:{backend.partition}:lambda:{place}:function:{self.name}:{self.qualifier}"

    def latest(self) -> Any:
        """moto's LambdaFunction that keeps the settings of all versions and aliases.

        Raises LambdaClientError if the function, version or alias is missing.
        """
        try:
            self.request.backend.get_function(self.name, self.qualifier)
            return self.request.backend.get_function(self.name)
        except UnknownFunctionException:
            error = LambdaClientError("ResourceNotFoundException", "The function doesn't exist.")
            error.code = 404
            raise error from None

    def settings(self) -> EventInvokeConfig:
        """What was put for this version or alias. Raises UnknownEventConfig."""
        try:
            kept = self.latest().event_invoke_config
        except LambdaClientError:
            raise UnknownEventConfig(self.arn) from None
        for config in kept:
            if config.arn == self.arn:
                return config  # type: ignore[no-any-return]
        raise UnknownEventConfig(self.arn)

    def keep(self, config: dict[str, Any] | None) -> dict[str, Any]:
        """Put ``config`` in the place of what was there, or remove that. The answer to the request."""
        function = self.latest()
        others = [kept for kept in function.event_invoke_config if kept.arn != self.arn]
        if config is None:
            function.event_invoke_config = others
            return {}
        _check_destinations(self, config.get("DestinationConfig") or {})
        fresh = EventInvokeConfig(self.arn, utcnow().isoformat(), config)
        function.event_invoke_config = [*others, fresh]
        return fresh.response()


@adapter
def every_qualifier_has_its_own_settings(patch: Patch) -> None:
    """The latest version, each published version and each alias has settings of its own for asynchronous
    invocation; a put replaces them and an update changes what it names.

    moto 5.2.5 ignores the qualifier, answers with the settings that were put first, and updates by replacing.
    """
    respond = EventInvokeConfig.response
    create = LambdaFunction.set_version

    def response(self: EventInvokeConfig) -> dict[str, Any]:
        given = self.config.get("DestinationConfig") or {}
        return respond(self) | {
            "DestinationConfig": {way: given.get(way) or {} for way in ("OnSuccess", "OnFailure")}
        }

    def set_version(self: LambdaFunction, version: int) -> None:
        create(self, version)
        self.event_invoke_config = []

    patch.replace(EventInvokeConfig, "response", response)
    patch.replace(LambdaFunction, "set_version", set_version)
    patch.replace(LambdaResponse, "put_function_event_invoke_config", _put)
    patch.replace(LambdaResponse, "update_function_event_invoke_config", _update)
    patch.replace(LambdaResponse, "get_function_event_invoke_config", _get)
    patch.replace(LambdaResponse, "delete_function_event_invoke_config", _delete)
    patch.replace(LambdaResponse, "list_function_event_invoke_configs", _list)


def _put(request: Any) -> ActionResult:
    named, config = _named(request), _settings_in(request)
    if not config:
        raise InvalidParameterValueException(
            "You must specify at least one of error handling or destination setting."
        )
    return ActionResult(named.keep(config))


def _update(request: Any) -> ActionResult:
    named = _named(request)
    named.latest()
    return ActionResult(named.keep(named.settings().config | _settings_in(request)))


def _get(request: Any) -> ActionResult:
    return ActionResult(_named(request).settings().response())


def _delete(request: Any) -> tuple[int, dict[str, Any], str]:
    named = _named(request)
    named.settings()
    named.keep(None)
    return 204, {"status": 204}, ""


def _list(request: Any) -> ActionResult:
    kept = _named(request).latest().event_invoke_config
    start = int(request.querystring.get("Marker", ["0"])[0])
    end = start + int(request.querystring.get("MaxItems", [LARGEST_PAGE])[0])
    page = {"FunctionEventInvokeConfigs": [config.response() for config in kept[start:end]]}
    return ActionResult(page | ({"NextMarker": str(end)} if end < len(kept) else {}))


def _named(request: Any) -> Named:
    path = unquote(request.path.partition("/functions/")[2].partition("/event-invoke-config")[0])
    name, _, derived = bare(path).partition(":")
    qualifier = request.querystring.get("Qualifier", [""])[0]
    if derived and qualifier and derived != qualifier:
        raise InvalidParameterValueException(
            "The derived qualifier from the function name does not match the specified qualifier."
        )
    return Named(request, name, derived or qualifier or "$LATEST")


def _settings_in(request: Any) -> dict[str, Any]:
    body = request.json_body
    return {name: body[name] for name in SETTINGS if body.get(name) is not None}


def _check_destinations(named: Named, config: dict[str, Any]) -> None:
    for way in ("OnSuccess", "OnFailure"):
        destination = (config.get(way) or {}).get("Destination") or ""
        match destination.split(":")[2:3]:
            case ["lambda"]:
                _check_function(named, destination)
            case [service] if service.isalnum() and service not in DESTINATIONS:
                described = ", ".join(map(_described, (("OnSuccess", config), ("OnFailure", config))))
                raise InvalidParameterValueException(
                    f"The provided destination config DestinationConfig({described}) is invalid."
                )


def _check_function(named: Named, destination: str) -> None:
    if destination.split(":")[:7] == named.arn.split(":")[:7]:
        raise InvalidParameterValueException("You can't specify the function as a destination for itself.")
    try:
        named.request.backend.get_function(destination)
    except UnknownFunctionException:
        raise InvalidParameterValueException(f"The destination ARN {destination} is invalid.") from None


def _described(entry: tuple[str, dict[str, Any]]) -> str:
    """As the service's message prints a part of the request."""
    way, config = entry
    destination = (config.get(way) or {}).get("Destination")
    return f"on{way[2:]}=" + (f"{way}(destination={destination})" if destination else "null")
