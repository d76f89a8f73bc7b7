"""Operations of Athena's API put in the place of moto's."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from moto.athena.models import AthenaBackend
from moto.athena.responses import AthenaResponse

from cloudstage.athena.errors import InvalidRequest
from cloudstage.patching import Patch

Parameters = dict[str, Any]
Operation = Callable[[AthenaBackend, Parameters], dict[str, Any]]


def replace(operations: object, patch: Patch) -> None:
    """Make each public method of ``operations`` the operation of its name.

    A method takes moto's backend and the request, and gives the response.
    """
    for name in vars(type(operations)):
        if not name.startswith("_"):
            patch.replace(AthenaResponse, name, _answering(getattr(operations, name)))


def _answering(operation: Operation) -> Callable[[AthenaResponse], tuple[str, dict[str, int]]]:
    def respond(response: AthenaResponse) -> tuple[str, dict[str, int]]:
        try:
            answer = operation(response.athena_backend, json.loads(response.body or "{}"))
        except InvalidRequest as refusal:
            error = {
                "__type": refusal.exception,
                "AthenaErrorCode": refusal.code,
                "ErrorCode": refusal.code,
                "Message": str(refusal),
            }
            return json.dumps(error), {"status": 400}
        return json.dumps(answer), {"status": 200}

    return respond


def token(position: int) -> str:
    """A NextToken for what follows at a position."""
    return base64.urlsafe_b64encode(str(position).encode()).decode()


def position(request: Parameters) -> int:
    """The position that a request's NextToken stands for, 0 if it has none."""
    given = request.get("NextToken")
    if not given:
        return 0
    try:
        return int(base64.urlsafe_b64decode(given))
    except ValueError as error:
        raise InvalidRequest("NextToken is malformed") from error


def page(name: str, items: list[Any], request: Parameters, most: int) -> dict[str, Any]:
    """A response with the part of ``items`` that a request with paging asks for."""
    start = position(request)
    end = start + (request.get("MaxResults") or most)
    answer: dict[str, Any] = {name: items[start:end]}
    if end < len(items):
        answer["NextToken"] = token(end)
    return answer
