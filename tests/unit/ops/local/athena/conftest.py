from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator

import pytest
from moto.server import ThreadedMotoServer
from pyiceberg.catalog.glue import GlueCatalog

from ops.local import athena
from ops.local.context import StageContext
from ops.local.environment import client_environment

from .queries import Queries

REGION = "eu-central-1"
ACCOUNT = "123456789012"


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageContext]:
    """Moto's server with nothing but the Athena executor installed."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    environment = client_environment(endpoint, REGION)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        context = StageContext(tmp_path_factory.mktemp("stage"), endpoint, REGION, ACCOUNT, environment)
        athena.install(context)
        context.start()
        yield context
        context.stop()
    server.stop()


@pytest.fixture(scope="module")
def bucket(stage: StageContext) -> str:
    name = f"lake-{uuid.uuid4().hex[:12]}"
    location = {"LocationConstraint": REGION}
    stage.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=location)
    return name


@pytest.fixture(scope="module")
def database(stage: StageContext) -> str:
    name = f"db_{uuid.uuid4().hex[:12]}"
    stage.client("glue").create_database(DatabaseInput={"Name": name})
    return name


@pytest.fixture(scope="module")
def queries(stage: StageContext, bucket: str, database: str) -> Queries:
    return Queries(stage.client("athena"), database, f"s3://{bucket}/results/")


@pytest.fixture(scope="module")
def iceberg(stage: StageContext, bucket: str) -> GlueCatalog:
    properties = {"warehouse": f"s3://{bucket}/tables", "s3.endpoint": stage.endpoint, "s3.region": REGION}
    return GlueCatalog("stage", **properties)
