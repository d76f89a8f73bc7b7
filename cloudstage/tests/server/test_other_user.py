"""Another user of the machine, who can reach the port like everybody, and has no right to anything."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from botocore.auth import HmacV1QueryAuth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from cloudstage import record
from cloudstage.configuration import Configuration
from cloudstage.credentials import generate
from cloudstage.errors import ServerError
from cloudstage.lifecycle import Cloudstage, Running
from cloudstage.record import Record

from .aws import HERE, client

NOBODY = 65534
REGION = "eu-central-1"
HOUR = datetime.timedelta(hours=1)
SERVICES = {
    "cloudwatch": "list_metrics",
    "dynamodb": "list_tables",
    "ec2": "describe_vpcs",
    "glue": "get_databases",
    "iam": "list_users",
    "lambda": "list_functions",
    "route53": "list_hosted_zones",
    "s3": "list_buckets",
    "sqs": "list_queues",
    "sts": "get_caller_identity",
}
UNKNOWN_KEY = {
    "ec2": "AuthFailure",
    "iam": "InvalidClientTokenId",
    "route53": "InvalidClientTokenId",
    "s3": "InvalidAccessKeyId",
    "sts": "InvalidClientTokenId",
}
WRONG_SIGNATURE = {
    "ec2": "AuthFailure",
    "iam": "SignatureDoesNotMatch",
    "route53": "SignatureDoesNotMatch",
    "s3": "SignatureDoesNotMatch",
    "sts": "SignatureDoesNotMatch",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A cloudstage with an object in it; its directory was open to everybody before it started."""
    directory = tmp_path_factory.mktemp("other") / "stage"
    directory.mkdir()
    directory.chmod(0o777)
    with Cloudstage(directory, Configuration(account_id="999999999999")).tethered() as it:
        client(it, "s3").create_bucket(Bucket="lake", CreateBucketConfiguration=HERE)
        client(it, "s3").put_object(Bucket="lake", Key="secret", Body=b"secret")
        yield it


def with_keys(running: Running, service: str, key_id: str, secret: str, token: str | None = None) -> Any:
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=running.endpoint,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}),
    )


def refusal(call: Any) -> str:
    """The code of the error that a call of boto3 ends with."""
    with pytest.raises(ClientError) as refused:
        call()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] in {400, 401, 403}
    return str(refused.value.response["Error"]["Code"])


def send(url: str, method: str = "GET", **options: Any) -> Any:
    return urllib3.PoolManager(retries=False).request(method, url, redirect=False, **options)


@pytest.mark.parametrize("service", SERVICES)
def test_keys_of_ones_own_are_not_known(running: Running, service: str) -> None:
    own = generate()
    it = with_keys(running, service, own.access_key_id, own.secret_access_key)

    assert refusal(getattr(it, SERVICES[service])) == UNKNOWN_KEY.get(service, "UnrecognizedClientException")


@pytest.mark.parametrize("service", SERVICES)
def test_the_right_key_without_its_secret_opens_nothing(running: Running, service: str) -> None:
    key_id = running.environment()["AWS_ACCESS_KEY_ID"]
    it = with_keys(running, service, key_id, "a guess")

    assert refusal(getattr(it, SERVICES[service])) == WRONG_SIGNATURE.get(
        service, "InvalidSignatureException"
    )


def test_the_keys_that_everybody_knows_open_nothing(running: Running) -> None:
    for known in (("local", "local"), ("test", "test"), ("ak", "sk")):
        assert refusal(with_keys(running, "s3", *known).list_buckets) == "InvalidAccessKeyId"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, b"<Code>AccessDenied</Code>"),
        ({"X-Amz-Target": "AWSGlue.CreateJob"}, b"MissingAuthenticationTokenException"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"<Code>MissingAuthenticationToken</Code>"),
        ({"Authorization": "Bearer guessed"}, b"<Code>AccessDenied</Code>"),
        ({"Authorization": "AWS4-HMAC-SHA256 nonsense"}, b"<Code>AuthorizationHeaderMalformed</Code>"),
        ({"X-Moto-Account-Id": "999999999999"}, b"<Code>AccessDenied</Code>"),
    ],
)
def test_without_a_signature_nothing_is_answered(
    running: Running, headers: dict[str, str], code: bytes
) -> None:
    answer = send(f"{running.endpoint}/lake", "POST", headers=headers, body=b"Action=ListUsers")

    assert answer.status in (HTTPStatus.FORBIDDEN, HTTPStatus.BAD_REQUEST)
    assert code in answer.data


def test_no_role_is_given_for_a_token_that_nobody_verifies(running: Running) -> None:
    iam = client(running, "iam")
    iam.create_role(RoleName="deployer", AssumeRolePolicyDocument="{}")
    sts = boto3.client("sts", region_name=REGION, endpoint_url=running.endpoint)

    code = refusal(
        lambda: sts.assume_role_with_web_identity(
            RoleArn="arn:aws:iam::999999999999:role/deployer",
            RoleSessionName="me",
            WebIdentityToken="made-up",
        )
    )

    assert code == "MissingAuthenticationToken"


def test_a_request_that_was_seen_can_not_be_sent_again_later(running: Running) -> None:
    assert sent_after(running, datetime.timedelta(minutes=14)).status == HTTPStatus.OK
    for delay in (datetime.timedelta(minutes=16), HOUR, -HOUR):
        late = sent_after(running, delay)
        assert late.status == HTTPStatus.FORBIDDEN
        assert b"<Code>SignatureDoesNotMatch</Code>" in late.data
        assert b"request time" in late.data


def sent_after(running: Running, delay: datetime.timedelta) -> Any:
    """The answer to a request of the administrator that was signed this long ago."""
    settings = running.environment()
    keys = Credentials(settings["AWS_ACCESS_KEY_ID"], settings["AWS_SECRET_ACCESS_KEY"])
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", running.endpoint + "/", headers, body)
    request.context["timestamp"] = f"{datetime.datetime.now(datetime.UTC) - delay:%Y%m%dT%H%M%SZ}"
    signer = SigV4Auth(keys, "sts", REGION)
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    text = signer.string_to_sign(request, signer.canonical_request(request))
    signer._inject_signature_to_request(request, signer.signature(text, request))
    return send(request.url, "POST", headers=dict(request.headers.items()), body=body)


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_url_is_good_for_what_it_says_and_as_long_as_it_says(
    running: Running, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3 = client(running, "s3", Config(signature_version=version))
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "lake", "Key": "secret"}, ExpiresIn=60)

    assert send(url).data == b"secret"
    assert send(url.replace("secret?", "other?")).status == HTTPStatus.FORBIDDEN
    assert send(url, "DELETE").status == HTTPStatus.FORBIDDEN
    expired = send(presigned_before(running, version, monkeypatch))
    assert expired.status == HTTPStatus.FORBIDDEN
    assert b"<Code>AccessDenied</Code><Message>Request has expired" in expired.data


def presigned_before(running: Running, version: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A URL that was valid for a minute two minutes ago, signed by the signer whose clock can be turned back."""
    settings = running.environment()
    keys = Credentials(settings["AWS_ACCESS_KEY_ID"], settings["AWS_SECRET_ACCESS_KEY"])
    request = AWSRequest("GET", f"{running.endpoint}/lake/secret")
    signer = (
        HmacV1QueryAuth(keys, 60) if version == "s3" else S3SigV4QueryAuth(keys, "s3", REGION, expires=60)
    )
    now = datetime.datetime.now(datetime.UTC)
    past = now - datetime.timedelta(minutes=2)
    with monkeypatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: past)
        patch.setattr("botocore.auth.time.time", past.timestamp)
        signer.add_auth(request)
    return str(request.prepare().url)


def test_no_presigned_url_lasts_longer_than_a_week(running: Running) -> None:
    settings = running.environment()
    keys = Credentials(settings["AWS_ACCESS_KEY_ID"], settings["AWS_SECRET_ACCESS_KEY"])
    request = AWSRequest("GET", f"{running.endpoint}/lake/secret")
    S3SigV4QueryAuth(keys, "s3", REGION, expires=604_801).add_auth(request)

    assert send(request.url).status == HTTPStatus.BAD_REQUEST


def test_the_server_is_not_controlled_without_its_token(running: Running) -> None:
    for method, address in (("GET", "lease"), ("POST", "keep"), ("POST", "release?holder=starter")):
        url = f"{running.endpoint}/_cloudstage/{address}"
        assert send(url, method).status == HTTPStatus.FORBIDDEN
        guessed = {"Authorization": "Bearer guessed"}
        assert send(url, method, headers=guessed).status == HTTPStatus.FORBIDDEN
    assert str(running.directory) not in send(f"{running.endpoint}/_cloudstage/stage").data.decode()


READ = """
import os, sys
if os.getuid() == 0:
    os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})
for name in sys.argv[1:]:
    try:
        os.listdir(name) if os.path.isdir(name) else open(name).read()
        print("read", name)
    except OSError:
        pass
"""


def test_the_directory_is_closed(running: Running) -> None:
    """Without root nobody can become somebody else here: then what every other user may do is looked at."""
    if os.getuid() == 0:
        for parent in (running.directory.parent, *running.directory.parent.parents[:-1]):
            parent.chmod(parent.stat().st_mode | stat.S_IXOTH)  # the way to it is not what protects it
        names = [str(it) for it in (running.directory, *running.directory.iterdir())]
        script = READ.format(nobody=NOBODY)
        seen = subprocess.run(
            [sys.executable, "-c", script, *names], capture_output=True, text=True, check=True
        )
        assert seen.stdout == ""
    assert stat.S_IMODE(running.directory.stat().st_mode) == stat.S_IRWXU
    for name in ("credentials.json", "cloudstage.json", "server.log"):
        assert stat.S_IMODE((running.directory / name).stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_nothing_secret_is_on_a_command_line(running: Running) -> None:
    """Everybody may read those."""
    command = subprocess.run(
        ["ps", "-o", "args=", "-p", str(running.pid)], capture_output=True, text=True, check=True
    ).stdout
    assert "cloudstage.server" in command
    assert running.environment()["AWS_SECRET_ACCESS_KEY"] not in command


def test_who_takes_the_port_is_not_even_asked(tmp_path: Path) -> None:
    """The server was killed, its record says that it runs, and somebody else listens at its port."""
    stage = Cloudstage(tmp_path / "stage")
    before = stage.up()
    try:
        os.kill(before.pid, signal.SIGKILL)
        with contextlib.suppress(ServerError):  # it could not save
            stage.down()
        token = known(stage).token
        with socket.create_server(("127.0.0.1", before.port)) as impostor:
            impostor.setblocking(False)
            assert stage.running() is None
            after = stage.up()
            with pytest.raises(BlockingIOError):
                impostor.accept()
        assert after.port != before.port
        for value, status in ((token, HTTPStatus.FORBIDDEN), (known(stage).token, HTTPStatus.OK)):
            shown = {"Authorization": f"Bearer {value}"}
            assert send(f"{after.endpoint}/_cloudstage/keep", "POST", headers=shown).status == status
    finally:
        stage.delete()


def known(stage: Cloudstage) -> Record:
    found = record.read(stage.directory)
    assert found
    return found


@pytest.mark.parametrize("account_id", ["999999999999"])
def test_the_owner_is_known_by_the_account(running: Running, account_id: str) -> None:
    assert client(running, "sts").get_caller_identity()["Account"] == account_id


class TestKeysOfIam:
    """Users and roles that the developer made have keys that work as long as they do on AWS."""

    def test_an_active_key_of_a_user(self, running: Running) -> None:
        iam = client(running, "iam")
        iam.create_user(UserName="reader")
        key = iam.create_access_key(UserName="reader")["AccessKey"]
        sts = with_keys(running, "sts", key["AccessKeyId"], key["SecretAccessKey"])

        assert sts.get_caller_identity()["Arn"] == "arn:aws:iam::999999999999:user/reader"
        iam.update_access_key(UserName="reader", AccessKeyId=key["AccessKeyId"], Status="Inactive")
        assert refusal(sts.get_caller_identity) == "InvalidClientTokenId"
        iam.update_access_key(UserName="reader", AccessKeyId=key["AccessKeyId"], Status="Active")
        sts.get_caller_identity()
        iam.delete_access_key(UserName="reader", AccessKeyId=key["AccessKeyId"])
        assert refusal(sts.get_caller_identity) == "InvalidClientTokenId"

    def test_a_session_of_a_role(self, running: Running) -> None:
        iam = client(running, "iam")
        iam.create_role(RoleName="job", AssumeRolePolicyDocument="{}")
        read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lake/*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [read]})
        iam.put_role_policy(RoleName="job", PolicyName="read", PolicyDocument=document)
        role = "arn:aws:iam::999999999999:role/job"
        given = client(running, "sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
        keys = given["AccessKeyId"], given["SecretAccessKey"]

        with_token = with_keys(running, "sts", *keys, given["SessionToken"])
        assert with_token.get_caller_identity()["Arn"] == "arn:aws:sts::999999999999:assumed-role/job/me"
        assert refusal(with_keys(running, "s3", *keys, "another").list_buckets) == "InvalidToken"
        assert refusal(with_keys(running, "glue", *keys).get_databases) == "UnrecognizedClientException"
        url = with_keys(running, "s3", *keys, given["SessionToken"]).generate_presigned_url(
            "get_object", Params={"Bucket": "lake", "Key": "secret"}
        )
        assert send(url).data == b"secret"
