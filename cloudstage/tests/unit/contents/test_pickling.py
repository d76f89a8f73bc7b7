"""Backends of moto survive being pickled, whatever they are made of."""

from __future__ import annotations

import gc
import io
import pickle
import threading
import weakref
from collections import defaultdict
from pathlib import Path
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from moto import backends, mock_aws
from moto.acm.models import acm_backends
from moto.s3.models import FakeKey
from moto.sqs.models import sqs_backends

from cloudstage.contents import pickling
from cloudstage.contents.bodies import BodyStore

ACCOUNT_ID = "123456789012"
REGION = "eu-central-1"
# What a platform such as this one uses, today or soon.
SERVICES = (
    "acm",
    "apigateway",
    "applicationautoscaling",
    "athena",
    "autoscaling",
    "awslambda",
    "cloudformation",
    "cloudfront",
    "cloudtrail",
    "cloudwatch",
    "codebuild",
    "cognitoidp",
    "config",
    "databrew",
    "dynamodb",
    "ec2",
    "ecr",
    "ecs",
    "efs",
    "elbv2",
    "emr",
    "events",
    "firehose",
    "glue",
    "iam",
    "kinesis",
    "kms",
    "lakeformation",
    "logs",
    "organizations",
    "pipes",
    "quicksight",
    "rds",
    "redshift",
    "resourcegroups",
    "resourcegroupstaggingapi",
    "route53",
    "s3",
    "s3control",
    "sagemaker",
    "scheduler",
    "secretsmanager",
    "servicediscovery",
    "ses",
    "sns",
    "sqs",
    "ssm",
    "stepfunctions",
    "sts",
    "wafv2",
)


@pytest.fixture
def bodies(tmp_path: Path) -> BodyStore:
    return BodyStore(tmp_path)


def round_trip(obj: Any, bodies: BodyStore) -> Any:
    return pickling.loads(pickling.dumps(obj, bodies), bodies)


@pytest.mark.parametrize("service", SERVICES)
def test_the_backend_of_every_service_survives(service: str, bodies: BodyStore) -> None:
    accounts: Any = backends.get_backend(service)  # type: ignore[call-overload]
    regions = accounts[ACCOUNT_ID]
    known = regions[next(name for name in (REGION, "us-east-1", "aws") if name in regions)]
    # A new one: the registered one may hold what other tests of this process have put into it.
    backend = type(known)(known.region_name, ACCOUNT_ID)

    copy = round_trip(backend, bodies)

    assert type(copy) is type(backend)
    assert vars(copy).keys() == vars(backend).keys()


class Versions(defaultdict[str, list[int]]):
    """A dictionary as moto has them: made from something else, and not showing what is in it."""

    def __init__(self, name: str) -> None:
        super().__init__(list)
        self.name = name

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, [*self.get(key, []), value])

    def items(self) -> Any:
        """The latest values."""
        return [(key, values[-1]) for key, values in super().items()]


def test_dictionaries_keep_what_they_do_not_show(bodies: BodyStore) -> None:
    versions = Versions("v")
    versions["a"] = 1
    versions["a"] = 2

    copy = round_trip(versions, bodies)

    assert (dict(copy), copy.name) == ({"a": [1, 2]}, "v")
    assert copy["new"] == []


def test_nothing_that_was_pickled_waits_for_the_garbage_collector(bodies: BodyStore) -> None:
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            pickling.dumps([FakeKey("key", b"x", account_id=ACCOUNT_ID, region_name=REGION)], bodies)
        left = [it for it in gc.get_objects() if isinstance(it, pickle.Pickler | io.BytesIO)]
    finally:
        gc.enable()

    assert not [it for it in left if type(it).__name__ == "_Pickler"]


def test_locks_are_new(bodies: BodyStore) -> None:
    lock, reentrant, condition = round_trip(
        [threading.Lock(), threading.RLock(), threading.Condition()], bodies
    )

    for each in (lock, reentrant, condition):
        assert each.acquire(blocking=False)
        each.release()


def test_a_lock_that_was_held_is_free(bodies: BodyStore) -> None:
    held = threading.Lock()
    with held:
        assert not round_trip(held, bodies).locked()


def test_weak_references_lead_to_the_copies(bodies: BodyStore) -> None:
    target = Versions("t")
    weak = weakref.WeakValueDictionary(t=target)
    gone = weakref.ref(Versions("gone"))

    copy, copied, reference, nobody = round_trip([target, weak, weakref.ref(target), gone], bodies)

    assert copied["t"] is copy
    assert reference() is copy
    assert nobody() is None


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP256R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
)
def test_private_keys_stay_the_same(key: Any, bodies: BodyStore) -> None:
    copy = round_trip(key, bodies)

    assert copy.public_key() == key.public_key()


def test_certificates_are_saved(bodies: BodyStore) -> None:
    with mock_aws():
        boto3.client("acm", region_name=REGION).request_certificate(DomainName="data.example.com")
        (certificate,) = acm_backends[ACCOUNT_ID][REGION]._certificates.values()
        copy = round_trip(certificate, bodies)

    assert copy._cert == certificate._cert


def test_functions_keep_their_name_or_else_their_code(bodies: BodyStore) -> None:
    factor = 3

    named, unnamed = round_trip([round_trip, lambda number: number * factor], bodies)

    assert named is round_trip
    assert unnamed(2) == 6


def test_registries_are_referred_to_not_copied(bodies: BodyStore) -> None:
    [registry, regions] = round_trip([sqs_backends, sqs_backends[ACCOUNT_ID]], bodies)

    assert registry is sqs_backends
    assert regions is sqs_backends[ACCOUNT_ID]
