"""Gaps in moto that concern every service."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from flask import Flask, request
from moto import __version__ as moto_version
from moto.core.responses import BaseResponse
from moto.moto_server import werkzeug_app
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.exceptions import NotFound

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch
from cloudstage.serving.refusal import XML_REST_SERVICES

_SIGNED_SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
_XML_ERROR = "<ErrorResponse><Error><Code>NotImplemented</Code><Message>{}</Message></Error></ErrorResponse>"


@adapter
def no_site_is_let_in_by_cors(patch: Patch) -> None:
    """What a web page may read of a service's answers, the service itself says: S3 by a bucket's CORS rules.

    moto 5.2.5 lets every page read every answer (``Access-Control-Allow-Origin`` with the page's own origin).
    """
    patch.replace(werkzeug_app, "DISABLE_GLOBAL_CORS", True)


@adapter
def missing_operation_fails_at_once(patch: Patch) -> None:
    """An operation that the cloudstage does not have must fail at once, and by name.

    moto 5.2.5 answers 500, which AWS's clients take for a passing fault: Terraform tries again for ten
    minutes before it says so. No client repeats a 501.
    """
    original = BaseResponse.call_action

    def call_action(self: BaseResponse) -> Any:
        try:
            return original(self)
        except NotImplementedError:
            operation = f"{self.service_name}:{self._get_action()}"
            json_spoken = "json" in self.headers.get("Content-Type", "") or "X-Amz-Target" in self.headers
            return _refusal(operation, in_xml=not json_spoken)

    patch.replace(BaseResponse, "call_action", call_action)


@adapter
def missing_service_fails_at_once(patch: Patch) -> None:
    """A service, or a path of one, that the cloudstage does not have must fail at once, and by name.

    moto 5.2.5 answers 500 for a service that it lacks, and an HTML page for a path that it lacks: Terraform tries
    the one again for minutes and can't read the other.
    """
    original = DomainDispatcherApplication.__init__

    def initialise(self: DomainDispatcherApplication, create_app: Callable[[Any], Flask]) -> None:
        def create(service: Any) -> Flask:
            app = create_app(service) if service else _app_of_no_service()
            app.register_error_handler(404, _no_such_path)
            return app

        original(self, create)

    patch.replace(DomainDispatcherApplication, "__init__", initialise)


def _app_of_no_service() -> Flask:
    """What answers for every service that moto does not have: it has no paths."""
    app = Flask("no_service", static_folder=None)
    app.service = None  # type: ignore[attr-defined]
    return app


def _no_such_path(error: Exception) -> Any:
    if not isinstance(request.routing_exception, NotFound):
        return error
    signed = _SIGNED_SERVICE.search(request.headers.get("Authorization", ""))
    service = signed[1] if signed else "this service"
    target = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    operation = target or request.form.get("Action") or f"{request.method} {request.path}"
    in_xml = service in XML_REST_SERVICES or bool(request.form)
    status, headers, body = _refusal(f"{service}:{operation}", in_xml=in_xml)
    content_type = "application/xml" if in_xml else "application/x-amz-json-1.1"
    return body, status, {**headers, "Content-Type": content_type}


def _refusal(operation: str, *, in_xml: bool) -> tuple[int, dict[str, str], str]:
    message = f"{operation} is not part of the cloudstage (moto {moto_version} lacks it)"
    body = json.dumps({"__type": "NotImplemented", "message": message})
    if in_xml:
        body = _XML_ERROR.format(escape(message))
    return 501, {"status": "501", "x-amzn-errortype": "NotImplemented"}, body
