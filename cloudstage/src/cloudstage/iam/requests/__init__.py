"""The request as IAM sees it: what must be allowed so that an operation may go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cloudstage.iam.policy import Need
from cloudstage.iam.requests import glue, named, passed_roles, s3, special
from cloudstage.iam.requests.call import Call

_NEEDS: dict[str, Callable[[Call], Iterator[Need]]] = {
    **dict.fromkeys(named.PARAMETERS, named.needs),
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
_BATCHES = ("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems")


def needs(call: Call) -> Iterator[Need]:
    """Everything that ``call`` needs to be allowed, in the order in which AWS names what is missing.

    Of a service, or an operation, that is not known here, the resource is unknown: whoever may do the action on
    some resource may do it. That is too lenient at times, and never denies what AWS allows.
    """
    yield from passed_roles.needs(call)
    if call.service == "dynamodb" and call.operation in _BATCHES:
        yield from special.dynamodb_item_needs(call)
    elif call.service in _NEEDS:
        yield from _NEEDS[call.service](call)
    else:
        yield Need(f"{call.service}:{call.operation or '*'}", None)
