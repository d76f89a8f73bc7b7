"""Gaps in the configurations that moto's S3 keeps for a bucket.

Source for the shapes: the bucket operations in the Amazon S3 API reference.
"""

from __future__ import annotations

import re
from typing import Any

import xmltodict
from moto.core.common_types import TYPE_RESPONSE
from moto.s3.exceptions import InvalidFilterRuleName, MalformedXML
from moto.s3.models import Notification
from moto.s3.responses import S3Response

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

BY_ID = {
    "analytics": "AnalyticsConfiguration",
    "intelligent-tiering": "IntelligentTieringConfiguration",
    "inventory": "InventoryConfiguration",
    "metrics": "MetricsConfiguration",
}
"""Subresources of which a bucket has several, each with an id, and the XML element of one."""

LACKING = {"metadataConfiguration", "metadataTable", "metadataInventoryTable", "metadataJournalTable", "abac"}
"""Subresources that moto does not know: it takes a request for them as one for the bucket itself."""

_PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


@adapter
def configurations_by_id_are_kept(patch: Patch) -> None:
    """Metrics, analytics, inventory and tiering configurations are put, read, listed and deleted.

    moto 5.2.5 knows inventories only, and takes the deletion of any as a deletion of the bucket: an empty bucket
    is gone. Configurations come back word for word.
    """
    originals = {name: getattr(S3Response, f"_bucket_response_{name}") for name in ("get", "put", "delete")}

    def get(self: S3Response, bucket_name: str, query: dict[str, Any]) -> Any:
        if (kind := _kind(query)) is None:
            return originals["get"](self, bucket_name, query)
        kept = _configurations(self, kind)
        if "id" in query:
            document = kept.get(query["id"][0])
            return (200, {}, _PROLOGUE + document) if document else _no_such_configuration()
        listed = "".join(kept[name] for name in sorted(kept))
        element = f"List{BY_ID[kind].removesuffix('uration')}urationsResult"
        return (
            200,
            {},
            f'{_PROLOGUE}<{element} xmlns="{_NAMESPACE}"><IsTruncated>false</IsTruncated>{listed}</{element}>',
        )

    def put(self: S3Response, request: Any, bucket_name: str, query: dict[str, Any]) -> Any:
        if (kind := _kind(query)) is None:
            return originals["put"](self, request, bucket_name, query)
        document = re.sub(r"<\?xml.*?\?>\s*", "", self.body.decode())
        if f"<{BY_ID[kind]}" not in document:
            raise MalformedXML
        _configurations(self, kind)[query["id"][0]] = document
        return 204, {}, ""

    def delete(self: S3Response, bucket_name: str, query: dict[str, Any]) -> Any:
        if (kind := _kind(query)) is None:
            return originals["delete"](self, bucket_name, query)
        removed = _configurations(self, kind).pop(query["id"][0], None)
        return (204, {}, "") if removed else _no_such_configuration()

    patch.replace(S3Response, "_bucket_response_get", get)
    patch.replace(S3Response, "_bucket_response_put", put)
    patch.replace(S3Response, "_bucket_response_delete", delete)


@adapter
def lacking_configurations_leave_the_bucket_alone(patch: Patch) -> None:
    """A request for a configuration that the cloudstage lacks is refused.

    moto 5.2.5 takes DeleteBucketMetadataTableConfiguration, for one, as a deletion of the bucket.
    """

    def refusing(original: Any) -> Any:
        def respond(self: S3Response, *arguments: Any) -> Any:
            lacking = LACKING.intersection(arguments[-1] or ())
            if lacking:
                return _error(
                    501,
                    "NotImplemented",
                    f"The cloudstage has no ?{lacking.pop()} of buckets (moto lacks it)",
                )
            return original(self, *arguments)

        return respond

    for method in ("get", "put", "delete"):
        name = f"_bucket_response_{method}"
        patch.replace(S3Response, name, refusing(getattr(S3Response, name)))


@adapter
def filter_names_have_any_case(patch: Patch) -> None:
    """The filter of a notification may be named ``Prefix``, which is how S3 returns it, and its value be empty.

    moto 5.2.5 answers 500 to both.
    """
    parse = S3Response._notification_config_from_body

    def notification_config_from_body(self: S3Response) -> dict[str, Any]:
        whole = xmltodict.parse(self.body)["NotificationConfiguration"]
        self.body = re.sub(rb"<Filter>.*?</Filter>", b"", self.body, flags=re.DOTALL)
        parsed = parse(self)
        for kind in ("TopicConfiguration", "QueueConfiguration", "CloudFunctionConfiguration"):
            for configuration, described in zip(parsed.get(kind) or (), _list(whole.get(kind)), strict=False):
                if rules := _filter_rules(described):
                    configuration["Filter"] = {"S3Key": {"FilterRule": rules}}
        return parsed

    def key_matches(self: Notification, key_name: str) -> bool:
        rules = self.filters.get("S3Key", {}).get("FilterRule", [])
        values = {rule["Name"].lower(): rule["Value"] for rule in rules}
        return key_name.startswith(values.get("prefix", "")) and key_name.endswith(values.get("suffix", ""))

    patch.replace(S3Response, "_notification_config_from_body", notification_config_from_body)
    patch.replace(Notification, "_key_matches", key_matches)


@adapter
def event_bridge_is_named(patch: Patch) -> None:
    """GetBucketNotificationConfiguration says that a bucket announces to EventBridge.

    moto 5.2.5 leaves it out, so that Terraform wants to switch it on in each plan.
    """
    original = S3Response.get_bucket_notification

    def get_bucket_notification(self: S3Response) -> TYPE_RESPONSE:
        status, headers, body = original(self)
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if configuration is not None and configuration.event_bridge is not None:
            document = xmltodict.parse(body)
            document["NotificationConfiguration"]["EventBridgeConfiguration"] = None
            body = xmltodict.unparse(document)
        return status, headers, body

    patch.replace(S3Response, "get_bucket_notification", get_bucket_notification)


def _kind(query: dict[str, Any] | None) -> str | None:
    return next((kind for kind in BY_ID if kind in (query or {})), None)


def _configurations(response: S3Response, kind: str) -> dict[str, str]:
    """The XML documents of a bucket by their ids; they belong to the bucket, with which they are saved."""
    bucket = response.backend.get_bucket(response.bucket_name)
    kinds: dict[str, dict[str, str]] = vars(bucket).setdefault("configurations_by_id", {})
    return kinds.setdefault(kind, {})


def _no_such_configuration() -> TYPE_RESPONSE:
    return _error(404, "NoSuchConfiguration", "The specified configuration does not exist.")


def _error(status: int, code: str, message: str) -> TYPE_RESPONSE:
    return status, {}, f"{_PROLOGUE}<Error><Code>{code}</Code><Message>{message}</Message></Error>"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _filter_rules(configuration: dict[str, Any]) -> list[dict[str, str]]:
    """The filter's rules, named as S3 names them."""
    key = (configuration.get("Filter") or {}).get("S3Key") or {}
    rules = [
        {"Name": rule["Name"].capitalize(), "Value": rule.get("Value") or ""}
        for rule in _list(key.get("FilterRule"))
    ]
    for rule in rules:
        if rule["Name"] not in ("Prefix", "Suffix"):
            raise InvalidFilterRuleName(rule["Name"])
    return rules
