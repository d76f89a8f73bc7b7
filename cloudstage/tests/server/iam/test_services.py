"""What services do with a role: Athena for who asks, Lambda for the function."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage import athena, awslambda
from cloudstage.context import Context
from in_process import aws
from roles import make_role

from .conftest import Robot

REGION = "eu-west-2"
ACCOUNT = "123456789012"
BUCKET = "arn:aws:s3:::services-lake"
GLUE = f"arn:aws:glue:{REGION}:{ACCOUNT}"
RESULTS = {"OutputLocation": "s3://services-lake/results/"}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """AWS with Athena and Lambda, a bucket and a table of one row."""
    directory = tmp_path_factory.mktemp("services")
    with aws(directory, REGION, athena.install, awslambda.install, enforce_roles=True) as context:
        s3, glue = context.client("s3"), context.client("glue")
        s3.create_bucket(Bucket="services-lake", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="services-lake", Key="data/rows.json", Body=b'{"x": 1}\n')
        glue.create_database(DatabaseInput={"Name": "services"})
        descriptor = {
            "Columns": [{"Name": "x", "Type": "int"}],
            "Location": "s3://services-lake/data/",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
        }
        table = {"Name": "rows", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": descriptor}
        glue.create_table(DatabaseName="services", TableInput=table)
        yield context


def allow(action: str | list[str], *resources: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": list(resources) or "*"}


def answered(client: Any, sql: str) -> dict[str, Any]:
    """The status of a query once it has ended."""
    started = client.start_query_execution(
        QueryString=sql, QueryExecutionContext={"Database": "services"}, ResultConfiguration=RESULTS
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        execution = client.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]
        if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
            return dict(execution["Status"])
    raise TimeoutError(sql)


def test_a_query_needs_its_tables_their_data_and_its_results(robot: Robot) -> None:
    client = robot.client("athena")
    given = [allow("athena:*")]
    wanted = [
        (allow("s3:PutObject", f"{BUCKET}/results/*"), "s3:PutObject"),
        (
            allow(
                "glue:GetTable", f"{GLUE}:catalog", f"{GLUE}:database/services", f"{GLUE}:table/services/rows"
            ),
            f"glue:GetTable on resource: {GLUE}:catalog",
        ),
        (allow("s3:GetObject", f"{BUCKET}/data/*"), "s3:GetObject"),
    ]
    for statement, missing in wanted:
        robot.may(*given)
        status = answered(client, "SELECT * FROM rows")
        assert status["State"] == "FAILED"
        assert status["StateChangeReason"].startswith("Insufficient permissions to execute the query. User: ")
        assert f"not authorized to perform: {missing}" in status["StateChangeReason"]
        given.append(statement)
    robot.may(*given)
    assert answered(client, "WITH some AS (SELECT x FROM rows) SELECT * FROM some")["State"] == "SUCCEEDED"


def test_the_administrators_queries_are_not_asked(cloud: Context) -> None:
    assert answered(cloud.client("athena"), "SELECT * FROM rows")["State"] == "SUCCEEDED"


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): pass")
    return target.getvalue()


def create_function(cloud: Context, role: str, **settings: Any) -> None:
    cloud.client("lambda").create_function(
        FunctionName=role.rpartition("/")[2],
        Role=role,
        Runtime="python3.11",
        Handler="main.handler",
        Code={"ZipFile": zipped()},
        **settings,
    )


def test_lambda_takes_only_roles_that_trust_it(cloud: Context) -> None:
    other = make_role(cloud.client("iam"), "for-glue", "glue")
    for role in (other, f"arn:aws:iam::{ACCOUNT}:role/none"):
        with pytest.raises(
            ClientError, match="The role defined for the function cannot be assumed by Lambda"
        ):
            create_function(cloud, role)


def test_lambda_asks_whether_the_role_may_give_up(cloud: Context, robot: Robot) -> None:
    dead = f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"
    with pytest.raises(ClientError, match="does not have permissions to call SendMessage on SQS"):
        create_function(cloud, robot.arn, DeadLetterConfig={"TargetArn": dead})
    robot.may(allow("sqs:SendMessage", dead))
    create_function(cloud, robot.arn, DeadLetterConfig={"TargetArn": dead})


def test_lambda_asks_whether_the_role_may_take_messages(cloud: Context, robot: Robot) -> None:
    cloud.client("sqs").create_queue(QueueName="taken")
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:taken"
    create_function(cloud, robot.arn)
    name = robot.arn.rpartition("/")[2]
    mapping = {"EventSourceArn": queue, "FunctionName": name, "Enabled": False}
    actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    for count, action in enumerate(actions):
        robot.may(allow([*actions[:count], "none:none"], queue))
        with pytest.raises(ClientError, match=f"permissions to call {action[4:]} on SQS"):
            cloud.client("lambda").create_event_source_mapping(**mapping)
    robot.may(allow(actions, queue))
    cloud.client("lambda").create_event_source_mapping(**mapping)
