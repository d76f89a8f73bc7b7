"""Gaps in what moto's S3 keeps of a bucket's lifecycle, replication, logging and payment.

Source for the shapes: the bucket operations in the Amazon S3 API reference.
"""

from __future__ import annotations

import re
from typing import Any

from moto.s3.exceptions import MalformedXML
from moto.s3.responses import S3Response

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

KEPT = ("lifecycle", "replication", "logging")
PAYMENT = "requestPayment"
SMALLEST_OBJECT = "x-amz-transition-default-minimum-object-size"
_PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PAYER = re.compile(r"<Payer>(BucketOwner|Requester)</Payer>")
_RULE = re.compile(r"<Rule>.*?</Rule>", re.DOTALL)


@adapter
def documents_come_back_as_given(patch: Patch) -> None:
    """A bucket's lifecycle, replication and logging are read as they were put.

    moto 5.2.5 forgets some of it: of a lifecycle the object sizes and how many noncurrent versions are kept, of a
    replication the filter and what else it selects, of logging the form of its keys. Terraform waits for a lifecycle
    to be as it was put until it gives up.
    """
    get, put = S3Response._bucket_response_get, S3Response._bucket_response_put

    def bucket_response_get(self: S3Response, bucket_name: str, query: dict[str, Any]) -> Any:
        answer = get(self, bucket_name, query)  # moto knows whether there is one
        kind = _kind(query)
        kept = _documents(self).get(kind) if kind else None
        if kept is None or not isinstance(answer, tuple):
            return answer
        document, headers = kept
        return answer[0], {**answer[1], **headers}, _PROLOGUE + document

    def bucket_response_put(self: S3Response, request: Any, bucket_name: str, query: dict[str, Any]) -> Any:
        answer = put(self, request, bucket_name, query)  # moto checks it
        if kind := _kind(query):
            _documents(self)[kind] = _as_given(self, request)
        return answer

    patch.replace(S3Response, "_bucket_response_get", bucket_response_get)
    patch.replace(S3Response, "_bucket_response_put", bucket_response_put)


@adapter
def the_payer_is_kept(patch: Patch) -> None:
    """Who pays for a bucket's requests is put and read. Nobody pays here.

    moto 5.2.5 takes the change for the creation of the bucket, and answers a listing to the question.
    """
    get, put = S3Response._bucket_response_get, S3Response._bucket_response_put
    form = '<RequestPaymentConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{}</RequestPaymentConfiguration>'

    def bucket_response_get(self: S3Response, bucket_name: str, query: dict[str, Any]) -> Any:
        if PAYMENT not in (query or ()):
            return get(self, bucket_name, query)
        payer = vars(self.backend.get_bucket(bucket_name)).get("payer", "BucketOwner")
        return 200, {}, _PROLOGUE + form.format(f"<Payer>{payer}</Payer>")

    def bucket_response_put(self: S3Response, request: Any, bucket_name: str, query: dict[str, Any]) -> Any:
        if PAYMENT not in (query or ()):
            return put(self, request, bucket_name, query)
        payer = _PAYER.search(self.body.decode())
        if payer is None:
            raise MalformedXML
        vars(self.backend.get_bucket(bucket_name))["payer"] = payer[1]
        return 200, {}, ""

    patch.replace(S3Response, "_bucket_response_get", bucket_response_get)
    patch.replace(S3Response, "_bucket_response_put", bucket_response_put)


def _kind(query: dict[str, Any] | None) -> str | None:
    return next((kind for kind in KEPT if kind in (query or {})), None)


def _documents(response: S3Response) -> dict[str, tuple[str, dict[str, str]] | None]:
    """The documents of a bucket, with which they are saved, and the headers to return with them."""
    bucket = response.backend.get_bucket(response.bucket_name)
    documents: dict[str, Any] = vars(bucket).setdefault("documents", {})
    return documents


def _as_given(response: S3Response, request: Any) -> tuple[str, dict[str, str]] | None:
    """The document in a request; None if S3 would have to add the ids of its rules, as moto does."""
    document = re.sub(r"<\?xml.*?\?>\s*", "", response.body.decode())
    if any("<ID>" not in rule for rule in _RULE.findall(document)):
        return None
    smallest = request.headers.get(SMALLEST_OBJECT)
    return document, {SMALLEST_OBJECT: smallest} if smallest else {}
