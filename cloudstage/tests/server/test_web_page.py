"""A web page that the developer has open while a cloudstage runs: what it tries, as a browser would send it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
import urllib3
from botocore.config import Config

from cloudstage.configuration import Configuration
from cloudstage.lifecycle import Cloudstage, Running

from .aws import HERE, client

EVIL = "https://evil.example"
FORM = "application/x-www-form-urlencoded"
CROSS_SITE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
PAGES = {
    "fetch": {"Origin": EVIL},
    "fetch of a modern browser": {"Origin": EVIL, **CROSS_SITE, "Sec-Fetch-Mode": "cors"},
    "an image": CROSS_SITE,
    "a page on another port of this machine": {
        "Origin": "http://localhost:3000",
        "Sec-Fetch-Site": "same-site",
    },
    "an image on another port of this machine": {"Sec-Fetch-Site": "same-site"},
    "a sandboxed frame": {"Origin": "null"},
    "a name that resolves to 127.0.0.1": {"Host": "evil.example", "Sec-Fetch-Site": "same-origin"},
    "a name like ours": {"Host": "127.0.0.1.evil.example"},
    "another name like ours": {"Host": "localhost.evil.example"},
}


class Answer(NamedTuple):
    status: int
    headers: Any
    body: bytes


class Page:
    """Sends requests with the headers that a browser adds for a page, and without anybody's keys."""

    def __init__(self, running: Running, browser_headers: dict[str, str]) -> None:
        self._endpoint = running.endpoint
        self._browser_headers = browser_headers

    def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Answer of one request; ``path`` may be a whole URL of the cloudstage."""
        response = urllib3.PoolManager(retries=False).request(
            method,
            path if path.startswith("http") else self._endpoint + path,
            headers={**(headers or {}), **self._browser_headers},
            body=body,
            redirect=False,
        )
        return Answer(response.status, response.headers, response.data)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A cloudstage with something in it, and moto's own API open."""
    directory = tmp_path_factory.mktemp("web") / "stage"
    with Cloudstage(directory, Configuration(moto_api=True)).tethered() as it:
        client(it, "s3").create_bucket(Bucket="lake", CreateBucketConfiguration=HERE)
        client(it, "s3").put_object(Bucket="lake", Key="kept", Body=b"kept")
        yield it


@pytest.fixture(params=PAGES.values(), ids=list(PAGES))
def page(request: pytest.FixtureRequest, running: Running) -> Iterator[Page]:
    yield Page(running, request.param)
    assert contents(running) == {"buckets": ["lake"], "keys": ["kept"], "jobs": [], "functions": []}


def contents(running: Running) -> dict[str, list[str]]:
    s3 = client(running, "s3")
    return {
        "buckets": [it["Name"] for it in s3.list_buckets()["Buckets"]],
        "keys": [it["Key"] for it in s3.list_objects_v2(Bucket="lake").get("Contents", [])],
        "jobs": [it["Name"] for it in client(running, "glue").get_jobs()["Jobs"]],
        "functions": [it["FunctionName"] for it in client(running, "lambda").list_functions()["Functions"]],
    }


def assert_refused(answer: Answer) -> None:
    assert answer.status == HTTPStatus.FORBIDDEN
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_a_page_can_not_run_code(page: Page) -> None:
    """The attack that once worked: upload a script, make a job of it, run it."""
    job = {"Name": "j", "Role": "r", "Command": {"Name": "glueetl", "ScriptLocation": "s3://lake/s.py"}}
    assert_refused(page.send("PUT", "/lake/s.py", {"Content-Type": "text/plain"}, b"import os"))
    for target, body in (("AWSGlue.CreateJob", job), ("AWSGlue.StartJobRun", {"JobName": "j"})):
        # The header makes a browser ask first, whether it may send it.
        ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-amz-target"}
        assert_refused(page.send("OPTIONS", "/", ask))
        headers = {"X-Amz-Target": target, "Content-Type": "text/plain"}
        assert_refused(page.send("POST", "/", headers, json.dumps(body).encode()))


def test_a_page_can_not_make_a_function(page: Page) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("main.py", "def handler(*_): pass")
    body = json.dumps({"FunctionName": "f", "Code": {"ZipFile": package.getvalue().hex()}}).encode()

    assert_refused(page.send("POST", "/2015-03-31/functions", {"Content-Type": "text/plain"}, body))


def test_a_page_can_not_read(page: Page) -> None:
    assert_refused(page.send("GET", "/lake/kept"))
    assert_refused(page.send("GET", "/"))


@pytest.mark.parametrize(
    "path", ["/moto-api/reset", "/moto-api/seed?a=1", "/moto-api/state-manager/set-transition"]
)
def test_a_page_can_not_reset_anything(page: Page, path: str) -> None:
    assert_refused(page.send("POST", path))
    assert_refused(page.send("POST", path, {"Content-Type": FORM}, b"a=b"))


def test_a_page_can_not_send_forms(page: Page) -> None:
    query = urlencode({"Action": "CreateUser", "UserName": "evil", "Version": "2010-05-08"}).encode()
    assert_refused(page.send("POST", "/", {"Content-Type": FORM}, query))
    body, kind = urllib3.encode_multipart_formdata({"key": "evil", "file": ("evil", b"evil")})
    assert_refused(page.send("POST", "/lake", {"Content-Type": kind}, body))


def test_a_page_can_not_control_the_server(page: Page) -> None:
    for method, address in (("GET", "stage"), ("GET", "lease"), ("POST", "keep")):
        assert_refused(page.send(method, f"/_cloudstage/{address}"))


def test_a_page_can_not_use_a_signed_request_either(page: Page, running: Running) -> None:
    """It might have found one in a log."""
    s3 = client(running, "s3")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "lake", "Key": "kept"})
    assert_refused(page.send("GET", url))
    post = s3.generate_presigned_post("lake", "evil")
    body, kind = urllib3.encode_multipart_formdata({**post["fields"], "file": ("evil", b"evil")})
    assert_refused(page.send("POST", post["url"], {"Content-Type": kind}, body))


NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize("site", ["none", "same-origin", "same-site", "cross-site"])
@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_url_opens_from_the_address_bar_and_from_a_link(
    running: Running, site: str, version: str
) -> None:
    s3 = client(running, "s3", Config(signature_version=version))
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "lake", "Key": "kept"})

    answer = Page(running, {"Sec-Fetch-Site": site, **NAVIGATION}).send("GET", url)

    assert (answer.status, answer.body) == (HTTPStatus.OK, b"kept")


def test_a_link_that_is_not_signed_opens_nothing(running: Running) -> None:
    page = Page(running, {"Sec-Fetch-Site": "cross-site", **NAVIGATION})

    assert_refused(page.send("GET", "/lake/kept"))
    assert page.send("GET", "/lake/kept?AWSAccessKeyId=a&Signature=b&Expires=9999999999").status == 403


def test_a_page_uses_a_bucket_as_its_cors_configuration_allows(tmp_path: Path) -> None:
    """A web application under development, which its own server gives presigned URLs."""
    origin = "http://localhost:3000"
    browser = {"Origin": origin, "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}
    with Cloudstage(tmp_path / "stage").tethered() as running:
        s3 = client(running, "s3")
        for bucket in ("open", "closed"):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=HERE)
        rules = [{"AllowedOrigins": [origin], "AllowedMethods": ["PUT", "GET"], "AllowedHeaders": ["*"]}]
        s3.put_bucket_cors(Bucket="open", CORSConfiguration={"CORSRules": rules})
        page = Page(running, browser)

        for bucket, expected in (("open", HTTPStatus.OK), ("closed", HTTPStatus.FORBIDDEN)):
            url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "upload"})
            preflight = page.send("OPTIONS", url, {"Access-Control-Request-Method": "PUT"})
            assert preflight.status == expected
            assert page.send("PUT", url, body=b"uploaded").status == expected

        assert page.send("OPTIONS", url, {"Access-Control-Request-Method": "DELETE"}).status == 403
        assert page.send("PUT", "/open/upload", body=b"not signed").status == 403
        assert Page(running, {**browser, "Origin": f"{origin}1"}).send("PUT", url, body=b"no").status == 403
        assert s3.get_object(Bucket="open", Key="upload")["Body"].read() == b"uploaded"


def test_buckets_may_be_part_of_the_host(running: Running) -> None:
    s3 = client(running, "s3", Config(signature_version="s3v4"))
    port = urlsplit(running.endpoint).port
    host = {"Host": f"lake.localhost:{port}"}

    assert Page(running, host).send("GET", "/kept").status == HTTPStatus.FORBIDDEN
    s3.put_object_acl(Bucket="lake", Key="kept", ACL="public-read")
    assert Page(running, host).send("GET", "/kept").body == b"kept"
    s3.put_object_acl(Bucket="lake", Key="kept", ACL="private")


def test_motos_dashboard_is_for_those_who_have_its_password(running: Running, tmp_path: Path) -> None:
    url = running.moto_api_url()
    own_page = {"Origin": running.endpoint, "Sec-Fetch-Site": "same-origin"}
    parts = urlsplit(url)
    headers = urllib3.make_headers(basic_auth=f"{parts.username}:{parts.password}")
    page = Page(running, own_page)

    assert page.send("GET", "/moto-api/").status == HTTPStatus.UNAUTHORIZED
    assert b"Moto" in page.send("GET", "/moto-api/", headers).body
    assert page.send("GET", "/moto-api/data.json", headers).status == HTTPStatus.OK

    with Cloudstage(tmp_path / "stage").tethered() as closed:
        answer = Page(closed, {}).send("POST", "/moto-api/reset", headers)
        assert answer.status == HTTPStatus.NOT_FOUND
        assert b"--moto-api" in answer.body
