"""A gap in moto that concerns every service."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

from moto import __version__ as moto_version
from moto.core.responses import BaseResponse
from moto.core.serialize import BaseXMLSerializer
from moto.moto_server import werkzeug_app

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

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
            message = f"{operation} is not part of the cloudstage (moto {moto_version} lacks it)"
            if "json" in self.headers.get("Content-Type", "") or "X-Amz-Target" in self.headers:
                body = json.dumps({"__type": "NotImplemented", "message": message})
            else:
                body = _XML_ERROR.format(escape(message))
            return 501, {"status": "501", "x-amzn-errortype": "NotImplemented"}, body

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
