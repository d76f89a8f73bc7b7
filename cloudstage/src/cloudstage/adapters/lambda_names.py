"""Gaps in how moto's Lambda reads the names of functions, versions and aliases.

Sources: the AWS Lambda API's model, and the service's answers.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from botocore.model import OperationModel, Shape
from botocore.session import get_session
from moto.awslambda import urls
from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import LambdaStorage
from moto.awslambda.responses import LambdaResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

LONGEST_NEW_NAME = 64
ANY_OPERATION = r"{0}/(?P<api_version>20\d\d-\d\d-\d\d)/(?P<rest>.+)$"
FUNCTION_IN_PATH = re.compile(r"\(\?P<function_name>[^)]*\)")


def bare(name: str) -> str:
    """The name of a function, with its version or alias, without the parts of an ARN that may stand before it."""
    return f":{name}".partition(":function:")[2] or name


@adapter
def functions_have_partial_arns(patch: Patch) -> None:
    """A function may be named ``<account>:function:<name>``, too, with a version or an alias after it.

    moto 5.2.5 answers 500.
    """
    with_qualifier = LambdaStorage.get_function_by_name_with_qualifier
    without_qualifier = LambdaStorage.get_function_by_name_forbid_qualifier

    def get_with_qualifier(self: LambdaStorage, name: str, qualifier: str | None = None) -> Any:
        return with_qualifier(self, bare(name), qualifier)

    def get_without_qualifier(self: LambdaStorage, name: str) -> Any:
        return without_qualifier(self, bare(name))

    patch.replace(LambdaStorage, "get_function_by_name_with_qualifier", get_with_qualifier)
    patch.replace(LambdaStorage, "get_function_by_name_forbid_qualifier", get_without_qualifier)


@adapter
def every_name_is_found(patch: Patch) -> None:
    """A request may name a function by the ARN of its version ``$LATEST``.

    moto 5.2.5 answers such a path with a web page, as it knows no ``$`` in names.
    """
    paths = {
        FUNCTION_IN_PATH.sub("(?P<function_name>[^/]+)", path): to for path, to in urls.url_paths.items()
    }
    patch.replace(urls, "url_paths", paths)


@adapter
def missing_operations_reach_lambda(patch: Patch) -> None:
    """A request for an operation that the cloudstage lacks is answered by Lambda, as those of other services are.

    moto 5.2.5 answers with a web page that says 404, as if the function were missing.
    """
    patch.replace(urls, "url_paths", urls.url_paths | {ANY_OPERATION: LambdaResponse.dispatch})


@adapter
def names_are_checked(patch: Patch) -> None:
    """A request whose text does not satisfy the API's model is refused, and one that names two versions or
    another region.

    moto 5.2.5 makes functions with any name, and finds those of other regions.
    """
    call = LambdaResponse.call_action

    def call_action(self: LambdaResponse) -> Any:
        try:
            _check(self)
        except LambdaClientError as error:
            headers, body = self._enrich_response(dict(error.get_headers()), error.description)
            return error.code, headers | {"status": error.code}, body
        return call(self)

    patch.replace(LambdaResponse, "call_action", call_action)


def _check(request: Any) -> None:
    action = request._get_action()
    if action is None:
        return
    operation = _model().operation_model(action)
    values = {name: value for name, value in _values(request, operation) if isinstance(value, str)}
    members = operation.input_shape.members
    problems = [
        problem for name, value in values.items() for problem in _problems(name, value, members[name])
    ]
    if problems:
        noun = "validation error" if len(problems) == 1 else "validation errors"
        raise LambdaClientError(
            "ValidationException", f"{len(problems)} {noun} detected: " + "; ".join(problems)
        )
    if "FunctionName" in values:
        _check_function(request, action, values["FunctionName"], values.get("Qualifier"))


def _values(request: Any, operation: OperationModel) -> Iterator[tuple[str, Any]]:
    """The members of the request that its path, its query or its JSON body has."""
    shape: Any = operation.input_shape
    body = {} if shape is None or "payload" in shape.serialization else _body(request)
    for name, member in shape.members.items() if shape else ():
        where = member.serialization.get("location")
        key = member.serialization.get("name", name)
        if where == "uri" and key in request.uri_match:
            yield name, unquote(request.uri_match[key])
        elif where == "querystring" and key in request.querystring:
            yield name, request.querystring[key][0]
        elif where is None and key in body:
            yield name, body[key]


def _body(request: Any) -> dict[str, Any]:
    try:
        body = json.loads(request.body or "{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _problems(name: str, value: str, shape: Shape) -> Iterator[str]:
    limits, found = (
        shape.metadata,
        f"Value '{value}' at '{name[0].lower()}{name[1:]}' failed to satisfy constraint: ",
    )
    if "enum" in limits or shape.type_name != "string":
        return
    if len(value) > limits.get("max", len(value)):
        yield f"{found}Member must have length less than or equal to {limits['max']}"
    if len(value) < limits.get("min", 0):
        yield f"{found}Member must have length greater than or equal to {limits['min']}"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        yield f"{found}Member must satisfy regular expression pattern: {limits['pattern']}"


def _check_function(request: Any, action: str, named: str, qualifier: str | None) -> None:
    name, _, derived = bare(named).partition(":")
    if derived and qualifier and derived != qualifier:
        raise InvalidParameterValueException(
            "The derived qualifier from the function name does not match the specified qualifier."
        )
    region = named.split(":")[3] if named.startswith("arn:") else request.region
    if region != request.region:
        error = LambdaClientError(
            "ResourceNotFoundException",
            f"Functions from '{region}' are not reachable in this region ('{request.region}')",
        )
        error.code = 404
        raise error
    if action == "CreateFunction" and len(name) > LONGEST_NEW_NAME:
        raise InvalidParameterValueException(
            f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: "
            f"Member must have length less than or equal to {LONGEST_NEW_NAME}"
        )
    if action == "DeleteFunction" and (derived or qualifier) == "$LATEST":
        raise InvalidParameterValueException(
            "$LATEST version cannot be deleted without deleting the function."
        )


@functools.cache
def _model() -> Any:
    return get_session().get_service_model("lambda")
