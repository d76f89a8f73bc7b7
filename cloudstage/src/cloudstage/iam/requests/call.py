"""An HTTP request read as a call of an AWS operation, whatever the protocol."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound

_SCOPE = re.compile(r"Credential=[^/,\s]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
_RPC_PATH = re.compile(r"/service/[^/]+/operation/(\w+)$")
_SERVICES = {"email": "ses", "eventbridge": "events", "monitoring": "cloudwatch", "tagging": "tag"}
"""IAM's prefix of a service, where it is not the name that requests are signed for."""
_MODELS = {"cloudwatch": "cloudwatch", "states": "stepfunctions"}


@dataclass(frozen=True)
class Call:
    """A call of ``operation`` of a service.

    Attributes:
        service: IAM's prefix, such as ``s3``.
        operation: its name in the API, such as ``HeadObject``; empty if it could not be found out.
        parameters: the parsed JSON body, the form (``Attribute.1.Name`` and so on), or the parts of the path.
        request: the HTTP request, for headers, query string and, where it was not read yet, body.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    request: Request
    region: str
    account_id: str

    def text(self, *names: str) -> str | None:
        """The first of the named parameters that is given and is text."""
        for name in names:
            value = self.parameters.get(name)
            if isinstance(value, str) and value:
                return value
        return None

    def arn(self, resource: str, service: str | None = None) -> str:
        """The ARN of a resource in the region and account of the call."""
        return f"arn:aws:{service or self.service}:{self.region}:{self.account_id}:{resource}"


def read(environ: dict[str, Any], account_id: str, default_region: str) -> Call:
    """The call that a signed WSGI request makes. Its body can be read again afterwards.

    The body of an S3 request is not read, except for a small one that names objects: it may be large.
    """
    signed = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", "")) or _SCOPE.search(_presigned(environ))
    region, signing_name = (signed[1], signed[2]) if signed else (default_region, "s3")
    service = _SERVICES.get(signing_name, signing_name).lower()
    if service != "s3" or "delete" in environ.get("QUERY_STRING", ""):
        _buffer_body(environ)
    request = Request(environ)
    operation, parameters = _operation(service, request)
    if service == "s3":
        environ.pop("werkzeug.request", None)
    return Call(service, operation, parameters, request, region, account_id)


def _presigned(environ: Mapping[str, Any]) -> str:
    query = environ.get("QUERY_STRING", "")
    return unquote(query).replace("X-Amz-Credential=", "Credential=") if "X-Amz-Credential=" in query else ""


def _buffer_body(environ: dict[str, Any]) -> None:
    """Read the body into memory, for this package and for the application after it."""
    body = Request(environ).get_data(cache=False)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def _operation(service: str, request: Request) -> tuple[str, Mapping[str, Any]]:
    target = request.headers.get("X-Amz-Target", "")
    if target:
        return target.rpartition(".")[2], _json(request)
    if service != "s3" and (action := _form(request).get("Action")):
        return action, _form(request)
    if rpc := _RPC_PATH.search(request.path):
        return rpc[1], {}
    return _rest_operation(service, request)


def _rest_operation(service: str, request: Request) -> tuple[str, Mapping[str, Any]]:
    try:
        operation, labels = get_service_router(_MODELS.get(service, service)).match(request)
    except (NotFound, NotImplementedError, ValueError, LookupError):
        return "", {}
    if service == "s3":
        return str(operation.name), labels
    return str(operation.name), {**request.args.to_dict(), **_json(request), **labels}


def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(_body(request) or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _form(request: Request) -> dict[str, str]:
    is_form = (request.content_type or "").startswith("application/x-www-form-urlencoded")
    body = _body(request).decode(errors="replace") if is_form else ""
    return {**request.args.to_dict(), **dict(parse_qsl(body, keep_blank_values=True))}


def _body(request: Request) -> bytes:
    """The buffered body, which stays where it is for the application."""
    stream = request.environ["wsgi.input"]
    return stream.getvalue() if isinstance(stream, io.BytesIO) else b""
