"""The request as IAM sees it: what must be allowed so that an operation may go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from cloudstage.iam.policy import Need
from cloudstage.iam.requests import athena, glue, named, passed_roles, s3, special
from cloudstage.iam.requests.call import Call

_NEEDS: dict[str, Callable[[Call], Iterator[Need]]] = {
    **dict.fromkeys(named.PARAMETERS, named.needs),
    "athena": athena.needs,
    "events": special.events_needs,
    "glue": glue.needs,
    "iam": special.iam_needs,
    "kms": special.kms_needs,
    "lambda": special.lambda_needs,
    "logs": special.logs_needs,
    "s3": s3.needs,
    "secretsmanager": special.secrets_needs,
    "ssm": special.ssm_needs,
    "sts": special.sts_needs,
}
_WITHOUT_RESOURCE = frozenset(
    (Path(__file__).parent / "without_resource.txt").read_text(encoding="utf-8").split()
)
"""The actions of the services above that are about no resource, so that a policy must allow them on ``*``.

Source: the Service Authorization Reference; a test compares.
"""
_STATEMENTS = ("BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction")
_BATCHES = ("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems")


def needs(call: Call) -> Iterator[Need]:
    """Everything that ``call`` needs to be allowed, in the order in which AWS names what is missing.

    The resource of an unknown service or operation is not known either: a caller that may do the action on any
    resource may do it. That is too lenient at times, and never denies what AWS allows.
    """
    for need in (*passed_roles.needs(call), *_own_needs(call)):
        yield replace(need, resource="*") if need.action in _WITHOUT_RESOURCE else need


def _own_needs(call: Call) -> Iterator[Need]:
    if call.service == "dynamodb" and call.operation in _BATCHES:
        yield from special.dynamodb_item_needs(call)
    elif call.service == "dynamodb" and call.operation in _STATEMENTS:
        yield from special.dynamodb_statement_needs(call)
    elif call.service in _NEEDS:
        yield from _NEEDS[call.service](call)
    else:
        yield Need(f"{call.service}:{call.operation or '*'}", None)
