"""Athena that really runs queries, in the process of the tests."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from pyiceberg.catalog.glue import GlueCatalog

from cloudstage import athena
from cloudstage.context import Context
from in_process import aws

from .queries import Queries

REGION = "eu-central-1"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with (
        pytest.MonkeyPatch.context() as patch,
        aws(tmp_path_factory.mktemp("stage"), REGION, athena.install) as context,
    ):
        for name, value in context.environment.items():
            patch.setenv(name, value)
        yield context


@pytest.fixture(scope="module")
def bucket(stage: Context) -> str:
    name = f"lake-{uuid.uuid4().hex[:12]}"
    location = {"LocationConstraint": REGION}
    stage.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=location)
    return name


@pytest.fixture(scope="module")
def database(stage: Context) -> str:
    name = f"db_{uuid.uuid4().hex[:12]}"
    stage.client("glue").create_database(DatabaseInput={"Name": name})
    return name


@pytest.fixture(scope="module")
def queries(stage: Context, bucket: str, database: str) -> Queries:
    return Queries(stage.client("athena"), database, f"s3://{bucket}/results/")


@pytest.fixture(scope="module")
def iceberg(stage: Context, bucket: str) -> GlueCatalog:
    properties = {"warehouse": f"s3://{bucket}/tables", "s3.endpoint": stage.endpoint, "s3.region": REGION}
    return GlueCatalog("stage", **properties)
