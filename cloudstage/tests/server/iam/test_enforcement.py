"""What a role's clients are refused, and in which words."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.context import Context
from cloudstage.iam.roles import RoleNotAssumableError
from roles import document

from .conftest import REGION, Robot

ACCOUNT = "123456789012"
LAKE = "arn:aws:s3:::enforced-lake"
GLUE = f"arn:aws:glue:{REGION}:{ACCOUNT}"
Refused = Callable[[Any], str]


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


@pytest.fixture(scope="module")
def key(cloud: Context) -> str:
    return str(cloud.client("kms").create_key()["KeyMetadata"]["Arn"])


@pytest.fixture(scope="module", autouse=True)
def lake(cloud: Context, key: str) -> Iterator[None]:
    """A bucket that a key encrypts, with one object, and a table."""
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="enforced-lake", CreateBucketConfiguration={"LocationConstraint": REGION})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket="enforced-lake", ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_object(Bucket="enforced-lake", Key="raw/a", Body=b"a")
    glue = cloud.client("glue")
    glue.create_database(DatabaseInput={"Name": "lake"})
    glue.create_table(DatabaseName="lake", TableInput={"Name": "table"})
    yield
    for each in s3.list_objects_v2(Bucket="enforced-lake").get("Contents", []):
        s3.delete_object(Bucket="enforced-lake", Key=each["Key"])
    s3.delete_bucket(Bucket="enforced-lake")
    glue.delete_database(Name="lake")


def test_a_role_without_policies_may_do_nothing(robot: Robot, refused: Refused) -> None:
    s3 = robot.client("s3")
    assert refused(lambda: s3.get_object(Bucket="enforced-lake", Key="raw/a")) == (
        f's3:GetObject on resource: "{LAKE}/raw/a"'
    )


def test_everybody_may_ask_who_he_is(robot: Robot) -> None:
    assert robot.client("sts").get_caller_identity()["Arn"].endswith("/run")


def test_an_encrypted_object_needs_its_key_too(robot: Robot, refused: Refused, key: str) -> None:
    s3 = robot.client("s3")
    robot.may(allow(["s3:GetObject", "s3:PutObject"], f"{LAKE}/raw/*"))
    assert (
        refused(lambda: s3.get_object(Bucket="enforced-lake", Key="raw/a"))
        == f"kms:Decrypt on resource: {key}"
    )
    assert refused(lambda: s3.put_object(Bucket="enforced-lake", Key="raw/b", Body=b"")) == (
        f"kms:GenerateDataKey on resource: {key}"
    )
    robot.may(
        allow(["s3:GetObject", "s3:PutObject"], f"{LAKE}/raw/*"),
        allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            key,
            Condition={"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}},
        ),
    )
    s3.put_object(Bucket="enforced-lake", Key="raw/b", Body=b"b")
    assert s3.get_object(Bucket="enforced-lake", Key="raw/b")["Body"].read() == b"b"


def test_a_grant_lets_use_a_key(cloud: Context, robot: Robot, refused: Refused) -> None:
    kms = cloud.client("kms")
    key = kms.create_key(
        Policy=document({"Effect": "Allow", "Principal": "x", "Action": "*", "Resource": "*"})
    )
    arn = key["KeyMetadata"]["Arn"]
    robot.may(allow("kms:*"))
    mine = robot.client("kms")
    assert refused(lambda: mine.encrypt(KeyId=arn, Plaintext=b"x")) == f"kms:Encrypt on resource: {arn}"
    kms.create_grant(KeyId=arn, GranteePrincipal=robot.arn, Operations=["Encrypt"])
    mine.encrypt(KeyId=arn, Plaintext=b"x")
    assert refused(lambda: mine.generate_data_key(KeyId=arn, KeySpec="AES_256")).startswith(
        "kms:GenerateDataKey"
    )


def test_a_missing_object_is_forbidden_to_those_who_may_not_list(robot: Robot, refused: Refused) -> None:
    s3 = robot.client("s3")
    robot.may(allow("s3:GetObject", f"{LAKE}/*"))
    assert (
        refused(lambda: s3.get_object(Bucket="enforced-lake", Key="none"))
        == f's3:ListBucket on resource: "{LAKE}"'
    )
    with pytest.raises(ClientError, match="403"):
        s3.head_object(Bucket="enforced-lake", Key="none")
    robot.may(allow("s3:GetObject", f"{LAKE}/*"), allow("s3:ListBucket", LAKE))
    with pytest.raises(ClientError, match="404"):
        s3.head_object(Bucket="enforced-lake", Key="none")


def test_a_copy_reads_and_writes(robot: Robot, refused: Refused, key: str) -> None:
    s3 = robot.client("s3")
    source = {"Bucket": "enforced-lake", "Key": "raw/a"}
    keys = allow("kms:*", key)
    robot.may(keys, allow("s3:PutObject", f"{LAKE}/out/*"))
    assert refused(lambda: s3.copy_object(Bucket="enforced-lake", Key="out/a", CopySource=source)) == (
        f's3:GetObject on resource: "{LAKE}/raw/a"'
    )
    robot.may(keys, allow("s3:PutObject", f"{LAKE}/out/*"), allow("s3:GetObject", f"{LAKE}/raw/*"))
    s3.copy_object(Bucket="enforced-lake", Key="out/a", CopySource=source)


def test_a_multipart_upload_is_a_put(robot: Robot, refused: Refused, key: str) -> None:
    s3 = robot.client("s3")
    where = {"Bucket": "enforced-lake", "Key": "out/parts"}
    assert refused(lambda: s3.create_multipart_upload(**where)).startswith("s3:PutObject")
    robot.may(allow("s3:PutObject", f"{LAKE}/out/*"), allow("kms:GenerateDataKey", key))
    upload = {**where, "UploadId": s3.create_multipart_upload(**where)["UploadId"]}
    assert (
        refused(lambda: s3.upload_part(**upload, PartNumber=1, Body=b"x"))
        == f"kms:Decrypt on resource: {key}"
    )
    assert refused(lambda: s3.abort_multipart_upload(**upload)).startswith("s3:AbortMultipartUpload")


def test_of_several_objects_those_are_deleted_that_may_be(cloud: Context, robot: Robot) -> None:
    for key in ("out/mine", "raw/theirs"):
        cloud.client("s3").put_object(Bucket="enforced-lake", Key=key, Body=b"")
    robot.may(allow("s3:DeleteObject", f"{LAKE}/out/*"))
    objects = [{"Key": "raw/theirs"}, {"Key": "out/mine"}]
    answer = robot.client("s3").delete_objects(Bucket="enforced-lake", Delete={"Objects": objects})
    assert [each["Key"] for each in answer["Deleted"]] == ["out/mine"]
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [("raw/theirs", "AccessDenied")]


def test_a_buckets_policy_holds_for_the_role_that_it_names(
    cloud: Context, robot: Robot, refused: Refused
) -> None:
    s3 = cloud.client("s3")
    deny = {"Effect": "Deny", "Principal": {"AWS": robot.arn}, "Action": "s3:*", "Resource": f"{LAKE}/*"}
    s3.put_bucket_policy(Bucket="enforced-lake", Policy=document(deny))
    try:
        robot.may(allow("s3:*"), allow("kms:*"))
        assert refused(lambda: robot.client("s3").get_object(Bucket="enforced-lake", Key="raw/a"))
        assert s3.get_object(Bucket="enforced-lake", Key="raw/a")["Body"].read() == b"a"
    finally:
        s3.delete_bucket_policy(Bucket="enforced-lake")


def test_a_prefix_limits_a_list(robot: Robot, refused: Refused) -> None:
    s3 = robot.client("s3")
    robot.may(allow("s3:ListBucket", LAKE, Condition={"StringLike": {"s3:prefix": ["raw/*"]}}))
    assert s3.list_objects_v2(Bucket="enforced-lake", Prefix="raw/")["KeyCount"]
    assert (
        refused(lambda: s3.list_objects_v2(Bucket="enforced-lake")) == f's3:ListBucket on resource: "{LAKE}"'
    )


def test_a_table_needs_its_catalog_and_its_database(robot: Robot, refused: Refused) -> None:
    glue = robot.client("glue")
    resources: list[str] = []
    for missing in ("catalog", "database/lake", "table/lake/table"):
        robot.may(allow("glue:GetTable", [*resources, "arn:aws:glue:::none"]))
        denied = refused(lambda: glue.get_table(DatabaseName="lake", Name="table"))
        assert denied == f"glue:GetTable on resource: {GLUE}:{missing}"
        resources.append(f"{GLUE}:{missing}")
    robot.may(allow("glue:GetTable", resources))
    assert glue.get_table(DatabaseName="lake", Name="table")["Table"]["Name"] == "table"


def test_a_condition_on_the_namespace_limits_metrics(robot: Robot, refused: Refused) -> None:
    metrics = robot.client("cloudwatch")
    robot.may(allow("cloudwatch:PutMetricData", Condition={"StringEquals": {"cloudwatch:namespace": "Mine"}}))
    metrics.put_metric_data(Namespace="Mine", MetricData=[{"MetricName": "m", "Value": 1}])
    data = {"Namespace": "Other", "MetricData": [{"MetricName": "m", "Value": 1}]}
    assert refused(lambda: metrics.put_metric_data(**data)) == "cloudwatch:PutMetricData on resource: *"


def test_a_queues_policy_is_enough(cloud: Context, robot: Robot, refused: Refused) -> None:
    url = cloud.client("sqs").create_queue(QueueName="enforced")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:enforced"
    mine = robot.client("sqs")
    assert (
        refused(lambda: mine.send_message(QueueUrl=url, MessageBody="x"))
        == f"sqs:SendMessage on resource: {arn}"
    )
    admit = {"Effect": "Allow", "Principal": {"AWS": robot.arn}, "Action": "sqs:SendMessage", "Resource": arn}
    cloud.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(admit)})
    mine.send_message(QueueUrl=url, MessageBody="x")


def test_a_managed_policy_counts(cloud: Context, robot: Robot, refused: Refused) -> None:
    logs = robot.client("logs")
    assert refused(lambda: logs.create_log_group(logGroupName="mine")).startswith("logs:CreateLogGroup")
    cloud.client("iam").attach_role_policy(
        RoleName=robot.arn.rpartition("/")[2],
        PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    )
    logs.create_log_group(logGroupName="mine")


def test_a_role_hands_over_a_role_only_if_it_may(robot: Robot, refused: Refused) -> None:
    glue = robot.client("glue")
    command = {"Name": "glueetl", "ScriptLocation": "s3://x/y.py"}
    robot.may(allow("glue:CreateJob"))
    denied = refused(lambda: glue.create_job(Name="x", Role=robot.arn, Command=command))
    assert denied == f"iam:PassRole on resource: {robot.arn}"
    to_glue = {"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}}
    robot.may(allow("glue:CreateJob"), allow("iam:PassRole", robot.arn, Condition=to_glue))
    glue.create_job(Name="x", Role=robot.arn, Command=command)


def test_a_refusal_is_logged_with_its_policy(robot: Robot, caplog: pytest.LogCaptureFixture) -> None:
    robot.may(allow("sqs:*"), {"Effect": "Deny", "Action": "sqs:ListQueues", "Resource": "*"})
    with caplog.at_level(logging.WARNING), pytest.raises(ClientError, match="explicit deny"):
        robot.client("sqs").list_queues()
    assert "may not sqs:ListQueues on *" in caplog.text
    assert f"denied by policy of {robot.arn}" in caplog.text


def test_the_administrator_may_do_everything(cloud: Context) -> None:
    assert cloud.client("s3").get_object(Bucket="enforced-lake", Key="raw/a")["Body"].read() == b"a"


def test_a_user_has_the_rights_of_the_users_groups(cloud: Context, refused: Refused) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="anna")
    pair = iam.create_access_key(UserName="anna")["AccessKey"]
    environment = cloud.environment | {
        "AWS_ACCESS_KEY_ID": pair["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": pair["SecretAccessKey"],
    }
    from cloudstage.iam.roles import client

    sqs = client("sqs", environment)
    assert refused(sqs.list_queues) == "sqs:ListQueues on resource: *"
    iam.create_group(GroupName="readers")
    iam.put_group_policy(GroupName="readers", PolicyName="p", PolicyDocument=document(allow("sqs:List*")))
    iam.add_user_to_group(GroupName="readers", UserName="anna")
    sqs.list_queues()


def test_a_service_takes_on_only_roles_that_trust_it(cloud: Context, robot: Robot) -> None:
    with pytest.raises(
        RoleNotAssumableError, match="should be given assume role permissions for Glue Service"
    ):
        cloud.role_environment(robot.arn, "glue.amazonaws.com", "run")
    with pytest.raises(RoleNotAssumableError, match="there is no role"):
        cloud.role_environment("none", "glue.amazonaws.com", "run")


def test_who_may_assume_a_role_is_for_its_trust_policy_to_say(
    cloud: Context, robot: Robot, refused: Refused
) -> None:
    iam = cloud.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": robot.arn}, "Action": "sts:AssumeRole"}
    other = iam.create_role(RoleName="other", AssumeRolePolicyDocument=json.dumps({"Statement": []}))["Role"][
        "Arn"
    ]
    sts = robot.client("sts")
    robot.may(allow("sts:AssumeRole", other))
    assert refused(lambda: sts.assume_role(RoleArn=other, RoleSessionName="session")) == (
        f"sts:AssumeRole on resource: {other}"
    )
    iam.update_assume_role_policy(RoleName="other", PolicyDocument=document(trust))
    sts.assume_role(RoleArn=other, RoleSessionName="session")
