"""A refusal, as the service would answer it.

Source: "Troubleshoot access denied error messages" in the IAM user guide. AWS's JSON services answer 400, the
others 403.
"""

from __future__ import annotations

import json
import uuid
from xml.sax.saxutils import escape

from cloudstage.iam.policy import Identity, Need
from cloudstage.iam.requests.call import Call

Answer = tuple[str, list[tuple[str, str]], bytes]
"""Status line, headers, body."""

_CODES = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}
_S3 = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>{}</Message>'
    "<RequestId>{}</RequestId></Error>"
)
_QUERY = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error>"
    "<RequestId>{}</RequestId></ErrorResponse>"
)


def message(identity: Identity, need: Need, reason: str) -> str:
    """What is denied to whom, and why, in AWS's words; ``reason`` is that of a ``Decision``."""
    resource = f'"{need.resource}"' if need.action.startswith("s3:") else need.resource or "*"
    return (
        f"User: {identity.arn} is not authorized to perform: {need.action} on resource: {resource} {reason}"
    )


def answer(call: Call, text: str) -> Answer:
    """The response that carries the message ``text``."""
    request_id = str(uuid.uuid4())
    headers = [("x-amzn-RequestId", request_id)]
    if call.service == "s3":
        headers += [("x-amz-request-id", request_id), ("Content-Type", "application/xml")]
        body = b"" if call.request.method == "HEAD" else _S3.format(escape(text), request_id).encode()
        return "403 Forbidden", headers, body
    if "X-Amz-Target" in call.request.headers:
        headers.append(("Content-Type", call.request.content_type or "application/x-amz-json-1.1"))
        if call.service == "sqs":
            headers.append(("x-amzn-query-error", "AccessDenied;Sender"))
        return "400 Bad Request", headers, _json(text)
    if "Action" in call.parameters:
        code = _CODES.get(call.service, "AccessDenied")
        headers.append(("Content-Type", "text/xml"))
        return "403 Forbidden", headers, _QUERY.format(code, escape(text), request_id).encode()
    headers += [("Content-Type", "application/json"), ("x-amzn-ErrorType", "AccessDeniedException")]
    return "403 Forbidden", headers, _json(text)


def _json(text: str) -> bytes:
    return json.dumps({"__type": "AccessDeniedException", "Message": text, "message": text}).encode()
