"""How the service of a request is found, with moto as it is and with the adapter."""

from __future__ import annotations

import contextlib
import os
import re
from typing import Any

import pytest
from flask import Flask
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client

from cloudstage.adapters import dispatch
from cloudstage.adapters.registry import applied

from .gaps import STOCK

ADAPTED = pytest.param(applied(dispatch.services_are_found_once), id="adapted")

LOCATION = (
    b"<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint>"
    b"</CreateBucketConfiguration>"
)
DELETE = b"<Delete><Object><Key>copy</Key></Object></Delete>"
DIRECT = pytest.param(applied(dispatch.objects_are_answered_directly), id="adapted")
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/eu-central-1/s3/aws4_request, SignedHeaders=x"
}
CHANGING = re.compile(rb"<(LastModified|RequestID|HostId|RequestId)>[^<]*<")
REQUESTS: list[dict[str, Any]] = [
    {"method": "PUT", "path": "/{}", "data": LOCATION},
    {"method": "PUT", "path": "/{}", "data": LOCATION},
    {"method": "PUT", "path": "/{}/a/b%20c.txt", "data": b"text", "headers": {"x-amz-meta-source_file": "x"}},
    {"method": "PUT", "path": "/{}/copy", "headers": {"x-amz-copy-source": "/{}/a/b%20c.txt"}},
    {"method": "HEAD", "path": "/{}/a/b%20c.txt"},
    {"method": "GET", "path": "/{}/a/b%20c.txt", "headers": {"Range": "bytes=1-2"}},
    {"method": "GET", "path": "/{}/a/b%20c.txt", "headers": {"Range": "bytes=10-20"}},
    {
        "method": "GET",
        "path": "/{}/a/b%20c.txt",
        "headers": {"If-None-Match": "1cb251ec0d568de6a929b520c4aed8d1"},
    },
    {"method": "GET", "path": "/{}/missing"},
    {"method": "HEAD", "path": "/{}/missing"},
    {"method": "HEAD", "path": "/{}"},
    {"method": "GET", "path": "/{}/", "query_string": "list-type=2&prefix=a/&delimiter=/"},
    {"method": "GET", "path": "/{}-missing"},
    {"method": "GET", "path": "/{}", "query_string": "location"},
    {"method": "POST", "path": "/{}", "query_string": "delete", "data": DELETE},
    {"method": "DELETE", "path": "/{}/a/b%20c.txt"},
    {"method": "DELETE", "path": "/{}"},
    {"method": "DELETE", "path": "/{}"},
]


@pytest.mark.parametrize("adapted", [STOCK, ADAPTED])
def test_the_disk_is_not_read_for_each_request(
    adapted: contextlib.AbstractContextManager[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[str] = []
    list_directory = os.listdir

    def listdir(path: str = ".") -> list[str]:
        listed.append(path)
        return list_directory(path)

    monkeypatch.setattr(os, "listdir", listdir)
    with adapted:
        server = DomainDispatcherApplication(create_backend_app)
        hosts = ("s3.eu-central-1.amazonaws.com", "glue.eu-central-1.amazonaws.com", None) * 10
        services = {server.get_backend_for_host(host) for host in hosts}

    assert services == {"s3", "glue", None}
    assert len(listed) <= 2


def answers(bucket: str) -> list[tuple[str, bytes, dict[str, str]]]:
    """What S3 says to each request, without what differs from one time to the next."""
    client = Client(DomainDispatcherApplication(create_backend_app))
    told = []
    for request in REQUESTS:
        path = request["path"].format(bucket)
        headers = SIGNED | {name: value.format(bucket) for name, value in request.get("headers", {}).items()}
        environ = {"RAW_URI": path + ("?" + request["query_string"] if "query_string" in request else "")}
        answer = client.open(**(request | {"path": path, "headers": headers, "environ_base": environ}))
        kept = {
            name.lower(): value.replace(bucket, "bucket")
            for name, value in answer.headers
            if name.lower() not in {"x-amzn-requestid", "access-control-allow-origin", "last-modified"}
        }
        body = CHANGING.sub(rb"<\1><", answer.data).replace(bucket.encode(), b"bucket")
        told.append((answer.status, body, kept))
    return told


def test_objects_get_the_same_answers_directly() -> None:
    usual = answers("by-flask")

    with applied(dispatch.objects_are_answered_directly):
        assert answers("direct-1") == usual

    assert [status[:3] for status, _, _ in usual] == [
        "200", "409", "200", "200", "200", "206", "416", "304", "404", "404", "200", "200", "404", "200", "200",
        "204", "204", "404",
    ]  # fmt: skip


@pytest.mark.parametrize("adapted", [STOCK, DIRECT])
def test_no_framework_is_in_the_way_of_objects(
    adapted: contextlib.AbstractContextManager[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[object] = []
    call = Flask.__call__

    def noted(self: Flask, *arguments: Any) -> Any:
        used.append(self)
        return call(self, *arguments)

    monkeypatch.setattr(Flask, "__call__", noted)
    with adapted:
        answer = Client(DomainDispatcherApplication(create_backend_app)).get("/bucket/key", headers=SIGNED)

    assert answer.status_code == 404
    assert not used
