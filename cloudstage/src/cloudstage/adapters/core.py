"""Gaps in moto that concern every service."""

from __future__ import annotations

import functools
import json
import logging
import re
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from botocore.session import get_session
from flask import Flask, request
from moto import __version__ as moto_version
from moto.core.base_backend import AccountSpecificBackend, backend_lock
from moto.core.responses import BaseResponse
from moto.core.serialize import BaseXMLSerializer
from moto.moto_server import werkzeug_app
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.exceptions import NotFound

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch
from cloudstage.serving.refusal import XML_REST_SERVICES

log = logging.getLogger(__name__)

_FAULTS = (AttributeError, IndexError, KeyError, TypeError, ValueError)
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
            return _refusal(_lacking(operation), in_xml=not _speaks_json(self))

    patch.replace(BaseResponse, "call_action", call_action)


@adapter
def errors_in_xml_have_one_message(patch: Patch) -> None:
    """The error in an answer of a service that speaks XML has ``Message`` and no ``message`` beside it.

    moto 5.2.5 writes both where the API's model has the latter, which clients then show as a part of the answer.
    """
    serialize = BaseXMLSerializer._serialize_error_metadata

    def serialize_error_metadata(
        self: BaseXMLSerializer, serialized: Any, error: Exception, shape: Any
    ) -> None:
        serialize(self, serialized, error, shape)
        if "Message" in serialized:
            serialized.pop("message", None)

    patch.replace(BaseXMLSerializer, "_serialize_error_metadata", serialize_error_metadata)


@adapter
def faults_fail_at_once(patch: Patch) -> None:
    """A request that moto's own code can't handle must fail at once, and say which it is.

    moto 5.2.5 answers 500 to a feature group without an offline store, for one: Terraform tries again for many
    minutes. What fails because something else happens at the same time may still be tried again.
    """
    original = BaseResponse.call_action

    def call_action(self: BaseResponse) -> Any:
        try:
            return original(self)
        except _FAULTS as fault:
            operation = f"{self.service_name}:{self._get_action()}"
            log.exception("%s failed", operation)
            reason = (
                f"{operation} with these arguments fails in the cloudstage (moto {moto_version}): {fault!r}"
            )
            return _refusal(reason, in_xml=not _speaks_json(self))

    patch.replace(BaseResponse, "call_action", call_action)


@adapter
def services_are_in_every_region(patch: Patch) -> None:
    """A service is there in each of AWS's regions.

    moto 5.2.5 goes by a list that lacks some: to S3 Tables in eu-west-1 it answers 500.
    """
    original = AccountSpecificBackend.__getitem__

    def getitem(self: AccountSpecificBackend[Any], region_name: str) -> Any:
        if region_name not in self.keys() and region_name not in self.regions and region_name in _regions():
            with backend_lock:
                if region_name not in self.keys():
                    self[region_name] = self.backend(region_name, account_id=self.account_id)
        return original(self, region_name)

    patch.replace(AccountSpecificBackend, "__getitem__", getitem)


@functools.cache
def _regions() -> frozenset[str]:
    return frozenset(get_session().get_available_regions("ec2"))


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
    status, headers, body = _refusal(_lacking(f"{service}:{operation}"), in_xml=in_xml)
    content_type = "application/xml" if in_xml else "application/x-amz-json-1.1"
    return body, status, {**headers, "Content-Type": content_type}


def _lacking(operation: str) -> str:
    return f"{operation} is not part of the cloudstage (moto {moto_version} lacks it)"


def _speaks_json(response: BaseResponse) -> bool:
    return "json" in response.headers.get("Content-Type", "") or "X-Amz-Target" in response.headers


def _refusal(message: str, *, in_xml: bool) -> tuple[int, dict[str, str], str]:
    body = json.dumps({"__type": "NotImplemented", "message": message})
    if in_xml:
        body = _XML_ERROR.format(escape(message))
    return 501, {"status": "501", "x-amzn-errortype": "NotImplemented"}, body
