"""What is in a cloudstage outlives its server: stopped and started again, or killed."""

from __future__ import annotations

import io
import json
import os
import signal
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cloudstage.configuration import Configuration
from cloudstage.lifecycle import Cloudstage, Running
from roles import document, make_role

from .aws import HERE, REGION, client

ACCOUNT_ID = "123456789012"
DEADLINE_SECONDS = 30
ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/job"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:arrivals"
POLICY = document({"Effect": "Allow", "Action": ["s3:GetObject", "sqs:*"], "Resource": "*"})
LARGE = os.urandom(6_000_000)


@dataclass
class Filled:
    """A cloudstage, what was put into it, and the same cloudstage after its server ended and another began."""

    stage: Cloudstage
    before: Running
    after: Running = field(init=False)
    ciphertext: bytes = b""
    versions: tuple[str, str] = ("", "")
    upload_id: str = ""
    topic: str = ""

    def client(self, service: str) -> Any:
        """A client of the cloudstage as it is now."""
        return client(getattr(self, "after", self.before), service)


def stop(stage: Cloudstage, running: Running) -> None:
    stage.down()


def kill(stage: Cloudstage, running: Running) -> None:
    """As soon as what is in it now has been saved: after that, nothing may depend on a further chance."""
    wait_until_saved(stage.directory, time.time())
    os.kill(running.pid, signal.SIGKILL)


def wait_until_saved(directory: Path, moment: float) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    snapshot = directory / "contents.snapshot"
    while not (snapshot.exists() and snapshot.stat().st_mtime >= moment):
        assert time.monotonic() < deadline, "the cloudstage did not save its contents"
        time.sleep(0.02)


@pytest.fixture(scope="module", params=[stop, kill])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    stage = Cloudstage(tmp_path_factory.mktemp("stage") / "s", Configuration(region=REGION))
    try:
        it = Filled(stage, stage.up())
        fill(it)
        request.param(stage, it.before)
        it.after = stage.up()
        yield it
    finally:
        stage.delete()


def fill(it: Filled) -> None:
    """Put one of everything into the cloudstage."""
    s3 = it.client("s3")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration=HERE)
    s3.put_bucket_versioning(Bucket="lake", VersioningConfiguration={"Status": "Enabled"})
    first, second = (
        s3.put_object(Bucket="lake", Key="a/versioned", Body=body, Metadata={"Source_file": "x"})["VersionId"]
        for body in (b"first", b"second" * 1000)
    )
    it.versions = (first, second)
    s3.put_object(Bucket="lake", Key="large", Body=LARGE, ServerSideEncryption="aws:kms")
    s3.put_object(Bucket="lake", Key="deleted", Body=b"x")
    s3.delete_object(Bucket="lake", Key="deleted")
    it.upload_id = s3.create_multipart_upload(Bucket="lake", Key="parts")["UploadId"]
    upload = {"Bucket": "lake", "Key": "parts", "UploadId": it.upload_id}
    s3.upload_part(PartNumber=1, Body=LARGE, **upload)

    kms = it.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/lake", TargetKeyId=key)
    kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")
    it.ciphertext = kms.encrypt(KeyId="alias/lake", Plaintext=b"secret")["CiphertextBlob"]

    glue = it.client("glue")
    glue.create_database(DatabaseInput={"Name": "lake"})
    columns = [{"Name": "value", "Type": "double"}]
    glue.create_table(
        DatabaseName="lake", TableInput={"Name": "t", "StorageDescriptor": {"Columns": columns}}
    )
    command = {"Name": "glueetl", "ScriptLocation": "s3://lake/main.py"}
    glue.create_job(Name="ingest", Role=ROLE, Command=command, DefaultArguments={"--stage": "local"})

    iam = it.client("iam")
    make_role(iam, "job", "lambda")
    iam.put_role_policy(RoleName="job", PolicyName="p", PolicyDocument=POLICY)

    sqs = it.client("sqs")
    senders = {"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]}
    admit = {"Effect": "Allow", "Principal": senders, "Action": "sqs:SendMessage", "Resource": QUEUE}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [admit]})
    url = sqs.create_queue(QueueName="arrivals", Attributes={"Policy": policy})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="hello")

    sns = it.client("sns")
    it.topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(
        TopicArn=it.topic, Protocol="sqs", Endpoint=QUEUE, Attributes={"RawMessageDelivery": "true"}
    )

    functions = it.client("lambda")
    functions.create_function(
        FunctionName="register",
        Runtime="python3.11",
        Role=ROLE,
        Handler="main.handler",
        Code={"ZipFile": package()},
        Environment={"Variables": {"DST_STAGE": "local"}},
    )
    functions.create_event_source_mapping(EventSourceArn=QUEUE, FunctionName="register", Enabled=False)

    logs = it.client("logs")
    logs.create_log_group(logGroupName="/jobs")
    logs.create_log_stream(logGroupName="/jobs", logStreamName="run")
    event = {"timestamp": int(time.time() * 1000), "message": "started"}
    logs.put_log_events(logGroupName="/jobs", logStreamName="run", logEvents=[event])

    events = it.client("events")
    events.put_rule(Name="nightly", ScheduleExpression="cron(0 5 * * ? *)")
    events.put_targets(Rule="nightly", Targets=[{"Id": "queue", "Arn": QUEUE}])

    notification = {"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="lake", NotificationConfiguration={"QueueConfigurations": [notification]}
    )
    it.client("ssm").put_parameter(Name="/lake/size", Value="small", Type="String")
    it.client("secretsmanager").create_secret(Name="password", SecretString="pw")


def package() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): return event\n")
    return data.getvalue()


def test_the_stage_is_at_the_same_address(filled: Filled) -> None:
    assert filled.after.endpoint == filled.before.endpoint
    assert filled.after.pid != filled.before.pid


def test_objects_keep_their_content_and_attributes(filled: Filled) -> None:
    large = filled.client("s3").get_object(Bucket="lake", Key="large")

    assert large["Body"].read() == LARGE
    assert large["ServerSideEncryption"] == "aws:kms"
    part = filled.client("s3").get_object(Bucket="lake", Key="large", Range="bytes=5999990-")
    assert part["Body"].read() == LARGE[5999990:]


def test_every_version_of_an_object_is_kept(filled: Filled) -> None:
    s3 = filled.client("s3")
    bodies = [
        s3.get_object(Bucket="lake", Key="a/versioned", VersionId=version)["Body"].read()
        for version in filled.versions
    ]

    assert bodies == [b"first", b"second" * 1000]
    assert s3.head_object(Bucket="lake", Key="a/versioned")["Metadata"] == {"source_file": "x"}
    markers = s3.list_object_versions(Bucket="lake", Prefix="deleted")["DeleteMarkers"]
    assert [marker["Key"] for marker in markers] == ["deleted"]


def test_an_upload_that_was_begun_can_be_completed(filled: Filled) -> None:
    s3 = filled.client("s3")
    upload = {"Bucket": "lake", "Key": "parts", "UploadId": filled.upload_id}
    second = s3.upload_part(PartNumber=2, Body=b"end", **upload)
    [first, _] = s3.list_parts(**upload)["Parts"]
    parts = [{"PartNumber": 1, "ETag": first["ETag"]}, {"PartNumber": 2, "ETag": second["ETag"]}]
    s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **upload)

    assert s3.get_object(Bucket="lake", Key="parts")["Body"].read() == LARGE + b"end"


def test_bucket_names_stay_taken(filled: Filled) -> None:
    s3 = filled.client("s3")
    with pytest.raises(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket="lake", CreateBucketConfiguration=HERE)


def test_what_was_encrypted_can_be_decrypted(filled: Filled) -> None:
    assert filled.client("kms").decrypt(CiphertextBlob=filled.ciphertext)["Plaintext"] == b"secret"


def test_the_catalog_and_jobs_are_kept(filled: Filled) -> None:
    glue = filled.client("glue")

    table = glue.get_table(DatabaseName="lake", Name="t")["Table"]
    assert table["StorageDescriptor"]["Columns"] == [{"Name": "value", "Type": "double"}]
    assert glue.get_job(JobName="ingest")["Job"]["DefaultArguments"] == {"--stage": "local"}


def test_roles_and_their_policies_are_kept(filled: Filled) -> None:
    iam = filled.client("iam")

    assert iam.get_role(RoleName="job")["Role"]["Arn"] == ROLE
    assert iam.list_role_policies(RoleName="job")["PolicyNames"] == ["p"]


def test_functions_and_their_mappings_are_kept(filled: Filled) -> None:
    functions = filled.client("lambda")

    configuration = functions.get_function(FunctionName="register")["Configuration"]
    assert configuration["Environment"] == {"Variables": {"DST_STAGE": "local"}}
    [mapping] = functions.list_event_source_mappings(FunctionName="register")["EventSourceMappings"]
    assert mapping["EventSourceArn"] == QUEUE


def test_messages_wait_and_new_ones_still_arrive(filled: Filled) -> None:
    """Old messages are in the queue; the subscription and the bucket's notification still reach it."""
    sqs = filled.client("sqs")
    url = sqs.get_queue_url(QueueName="arrivals")["QueueUrl"]
    filled.client("sns").publish(TopicArn=filled.topic, Message="published")
    filled.client("s3").put_object(Bucket="lake", Key="new", Body=b"x")
    bodies: list[str] = []
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not arrived(bodies) and time.monotonic() < deadline:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        bodies += [message["Body"] for message in answer.get("Messages", [])]

    assert arrived(bodies), bodies


def arrived(bodies: list[str]) -> bool:
    return "hello" in bodies and "published" in bodies and any("ObjectCreated" in body for body in bodies)


def test_log_events_are_kept(filled: Filled) -> None:
    answer = filled.client("logs").get_log_events(logGroupName="/jobs", logStreamName="run")

    assert [event["message"] for event in answer["events"]] == ["started"]


def test_rules_and_their_targets_are_kept(filled: Filled) -> None:
    events = filled.client("events")

    assert events.describe_rule(Name="nightly")["ScheduleExpression"] == "cron(0 5 * * ? *)"
    assert [it["Arn"] for it in events.list_targets_by_rule(Rule="nightly")["Targets"]] == [QUEUE]


def test_parameters_and_secrets_are_kept(filled: Filled) -> None:
    parameter = filled.client("ssm").get_parameter(Name="/lake/size")["Parameter"]
    secret = filled.client("secretsmanager").get_secret_value(SecretId="password")

    assert (parameter["Value"], secret["SecretString"]) == ("small", "pw")
