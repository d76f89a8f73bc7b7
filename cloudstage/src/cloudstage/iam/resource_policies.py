"""The policy of a resource: of a bucket, queue, topic, key, role, function, secret, repository, Glue catalog."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from cloudstage.iam import policy, principals
from cloudstage.iam.evaluate import ResourcePolicy
from cloudstage.iam.policy import Need, Policy
from cloudstage.iam.principals import PARTITION

Document = Mapping[str, Any] | str | bytes | None


def find(need: Need, account_id: str) -> ResourcePolicy | None:
    """The policy of the resource that ``need`` is about; None if it has none, or is not there."""
    arn = (need.resource or "").split(":", 5)
    if len(arn) < 6 or arn[4] not in ("", account_id):
        return None
    service, region, name = arn[2], arn[3], arn[5]
    if service == "kms":
        return _key(account_id, region, name)
    if need.action.startswith("sts:AssumeRole"):
        return _trust(need.resource or "", account_id)
    reader = _DOCUMENTS.get(service)
    document = reader(account_id, region, name) if reader else None
    if not document:
        return None
    title = f"the policy of {need.resource if service != 's3' else arn[5].partition('/')[0]}"
    return ResourcePolicy(_parsed(title, document))


def _parsed(title: str, document: Mapping[str, Any] | str | bytes) -> Policy:
    if isinstance(document, Mapping):
        return policy.from_document(title, document)
    return policy.parse(title, document if isinstance(document, str) else document.decode())


def _key(account_id: str, region: str, name: str) -> ResourcePolicy | None:
    """A key's policy and its grants: the only ones who decide, besides the policies that the key's policy admits."""
    from moto.kms.models import kms_backends

    key = kms_backends[account_id][region].keys.get(name.removeprefix("key/"))
    if key is None:
        return None
    own = _parsed(f"the policy of {key.arn}", key.policy)
    grants = policy.from_document(own.name, {"Statement": [_grant(each) for each in key.grants.values()]})
    return ResourcePolicy(Policy(own.name, own.statements + grants.statements), must_agree=True)


def _grant(grant: Any) -> dict[str, Any]:
    """A grant, written as a statement."""
    constraints = grant.constraints or {}
    subset = constraints.get("EncryptionContextSubset") or constraints.get("EncryptionContextEquals") or {}
    condition: dict[str, Any] = {
        "StringEquals": {f"kms:EncryptionContext:{name}": value for name, value in subset.items()}
    }
    if "EncryptionContextEquals" in constraints:
        condition["ForAllValues:StringEquals"] = {"kms:EncryptionContextKeys": list(subset)}
    return {
        "Effect": "Allow",
        "Principal": {"AWS": grant.grantee_principal},
        "Action": [f"kms:{operation}" for operation in grant.operations],
        "Resource": "*",
        "Condition": condition,
    }


def _trust(role_arn: str, account_id: str) -> ResourcePolicy | None:
    role = principals.find_role(role_arn, account_id)
    if role is None:
        return None
    return ResourcePolicy(
        policy.parse(f"the trust policy of {role.arn}", role.assume_role_policy_document), must_agree=True
    )


def _bucket(account_id: str, _: str, name: str) -> Document:
    from moto.s3.models import s3_backends

    bucket = s3_backends[account_id][PARTITION].buckets.get(name.partition("/")[0])
    document: Document = bucket.policy if bucket else None
    return document


def _queue(account_id: str, region: str, name: str) -> Document:
    from moto.sqs.models import sqs_backends

    queue = sqs_backends[account_id][region].queues.get(name)
    document: Document = queue.policy if queue else None
    return document


def _topic(account_id: str, region: str, name: str) -> Document:
    from moto.sns.models import sns_backends

    topic = sns_backends[account_id][region].topics.get(f"arn:{PARTITION}:sns:{region}:{account_id}:{name}")
    document: Document = topic.policy if topic else None
    return document


def _function(account_id: str, region: str, name: str) -> Document:
    from moto.awslambda.exceptions import LambdaClientError
    from moto.awslambda.models import lambda_backends

    if not name.startswith("function:"):
        return None
    try:
        function = lambda_backends[account_id][region].get_function(name.split(":")[1])
    except LambdaClientError:
        return None
    return {"Statement": function.policy.statements} if function.policy else None


def _secret(account_id: str, region: str, name: str) -> Document:
    from moto.secretsmanager.models import secretsmanager_backends

    for secret in secretsmanager_backends[account_id][region].secrets.values():
        if secret.arn.endswith(f":{name}"):
            document: Document = getattr(secret, "policy", None)  # a replica has none
            return document
    return None


def _repository(account_id: str, region: str, name: str) -> Document:
    from moto.ecr.models import ecr_backends

    repository = ecr_backends[account_id][region].repositories.get(name.removeprefix("repository/"))
    document: Document = repository.policy if repository else None
    return document


def _catalog(account_id: str, region: str, _: str) -> Document:
    from moto.glue.models import glue_backends

    arn = f"arn:{PARTITION}:glue:{region}:{account_id}:catalog"
    policies = glue_backends[account_id][region].resource_policies
    found = next((each for each in policies.values() if isinstance(each, Mapping)), policies.get(arn))
    text = found.get("PolicyInJson") if isinstance(found, Mapping) else None
    return json.loads(text) if text else None


_DOCUMENTS: dict[str, Callable[[str, str, str], Document]] = {
    "ecr": _repository,
    "glue": _catalog,
    "lambda": _function,
    "s3": _bucket,
    "secretsmanager": _secret,
    "sns": _topic,
    "sqs": _queue,
}
