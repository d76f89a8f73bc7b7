"""What the operations need of services that build ARNs in ways of their own.

Source: the tables "Resource types defined by ..." in the Service Authorization Reference; for log groups "Overview
of managing access permissions to your CloudWatch Logs resources" in the CloudWatch Logs user guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cloudstage.iam import principals
from cloudstage.iam.policy import Need
from cloudstage.iam.requests import keys
from cloudstage.iam.requests.call import Call

_FUNCTION_ACTIONS = {
    "GetLayerVersionByArn": "GetLayerVersion",
    "Invoke": "InvokeFunction",
    "InvokeAsync": "InvokeFunction",
    "InvokeWithResponseStream": "InvokeFunction",
}
_IAM_KINDS = {
    "InstanceProfileName": "instance-profile",
    "GroupName": "group",
    "RoleName": "role",
    "UserName": "user",
}
"""Parameter → kind of resource; where a call names two, the first is what it changes."""
_ITEM_ACTIONS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}


def lambda_needs(call: Call) -> Iterator[Need]:
    """Functions, layers and event source mappings."""
    action = f"lambda:{_FUNCTION_ACTIONS.get(call.operation, call.operation)}"
    function = call.text("FunctionName")
    about_mapping = "EventSourceMapping" in call.operation
    if about_mapping and (identifier := call.text("UUID")):
        yield Need(action, call.arn(f"event-source-mapping:{identifier}"))
    elif about_mapping and function:
        yield Need(action, "*", {"lambda:functionarn": (_function_arn(call, function),)})
    elif layer := call.text("LayerName"):
        version = call.parameters.get("VersionNumber")
        arn = layer if layer.startswith("arn:") else call.arn(f"layer:{layer}")
        yield Need(action, f"{arn}:{version}" if version else arn)
    elif function:
        yield Need(action, _function_arn(call, function))
    else:
        yield Need(action, call.text("Resource", "Arn"))


def _function_arn(call: Call, name: str) -> str:
    qualifier = call.text("Qualifier")
    arn = name if name.startswith("arn:") else call.arn(f"function:{name.rpartition('function:')[2]}")
    return f"{arn}:{qualifier}" if qualifier and qualifier != "$LATEST" else arn


def logs_needs(call: Call) -> Iterator[Need]:
    """Log groups and streams: a group's ARN ends like that of a stream without a name."""
    if call.operation in ("TagResource", "UntagResource", "ListTagsForResource"):
        yield Need(f"logs:{call.operation}", call.text("resourceArn"))
        return
    group = call.text("logGroupName", "logGroupIdentifier", "logGroupNamePrefix") or ""
    if group.startswith("arn:"):
        group = group.split(":log-group:")[-1].removesuffix(":*")
    stream = call.text("logStreamName") or ""
    if group or call.operation == "DescribeLogGroups":
        yield Need(f"logs:{call.operation}", call.arn(f"log-group:{group}:log-stream:{stream}"))
    else:
        yield Need(f"logs:{call.operation}", None)


def kms_needs(call: Call) -> Iterator[Need]:
    """Keys, by their ids or aliases; the encryption context becomes condition keys."""
    action = f"kms:{call.operation}"
    if call.operation == "ReEncrypt":
        source, target = call.text("SourceKeyId"), call.text("DestinationKeyId")
        yield (
            _key_need(call, "kms:ReEncryptFrom", source)
            if source
            else Need("kms:ReEncryptFrom", _key_of_ciphertext(call), _encryption_context(call))
        )
        if target:
            yield _key_need(call, "kms:ReEncryptTo", target)
        return
    identifier = call.text("KeyId", "TargetKeyId")
    if identifier is None:
        yield Need(action, _key_of_ciphertext(call), _encryption_context(call))
    else:
        yield _key_need(call, action, identifier)


def _key_need(call: Call, action: str, identifier: str) -> Need:
    key = keys.find(identifier, call.account_id, call.region)
    arn = identifier if identifier.startswith("arn:") else call.arn(f"key/{identifier}")
    context = {**_encryption_context(call), "kms:calleraccount": (call.account_id,)}
    if identifier.startswith("alias/") or ":alias/" in identifier:
        context["kms:requestalias"] = (identifier[identifier.index("alias/") :],)
    return Need(action, key.arn if key else arn, context)


def _key_of_ciphertext(call: Call) -> str | None:
    """Decrypt needs no key id: a ciphertext says which key made it."""
    import base64
    import binascii

    try:
        blob = base64.b64decode(call.text("CiphertextBlob") or "")
    except binascii.Error:
        return None
    key = keys.find(blob[:36].decode(errors="replace"), call.account_id, call.region)
    return key.arn if key else None


def _encryption_context(call: Call) -> dict[str, tuple[str, ...]]:
    given = call.parameters.get("EncryptionContext")
    pairs = given.items() if isinstance(given, Mapping) else ()
    context = {f"kms:encryptioncontext:{name.lower()}": (str(value),) for name, value in pairs}
    return {**context, "kms:encryptioncontextkeys": tuple(str(name) for name, _ in pairs)} if context else {}


def secrets_needs(call: Call) -> Iterator[Need]:
    """Secrets, whose ARNs end in six random characters; a customer's key needs to be usable, too."""
    action = f"secretsmanager:{call.operation}"
    secret = _secret(call)
    name = call.text("SecretId", "Name") or ""
    yield Need(
        action,
        secret.arn if secret else name if name.startswith("arn:") else call.arn(f"secret:{name}-??????"),
    )
    used = {"GetSecretValue": "Decrypt", "PutSecretValue": "GenerateDataKey"}.get(call.operation)
    if secret and used:
        context = {"kms:encryptioncontext:secretarn": (secret.arn,)}
        yield from keys.needs(call, used, secret.kms_key_id, "secretsmanager", context)


def _secret(call: Call) -> Any | None:
    from moto.secretsmanager.models import secretsmanager_backends

    wanted = call.text("SecretId")
    secrets = secretsmanager_backends[call.account_id][call.region].secrets
    return next((each for each in secrets.values() if wanted in (each.name, each.arn)), None)


def ssm_needs(call: Call) -> Iterator[Need]:
    """Parameters, whose names may begin with a slash that their ARNs do not double."""
    action = f"ssm:{call.operation}"
    several = call.parameters.get("Names")
    if "Parameter" not in call.operation:
        yield Need(action, None)
    else:
        names = several if isinstance(several, list) else [call.text("Name", "Path", "ResourceId")]
        for name in map(str, filter(None, names)):
            yield Need(action, name if name.startswith("arn:") else call.arn(f"parameter/{name.lstrip('/')}"))


def events_needs(call: Call) -> Iterator[Need]:
    """Rules of the default bus and of others, and the buses themselves."""
    action = f"events:{call.operation}"
    if call.operation == "PutEvents":
        entries = call.parameters.get("Entries")
        buses = {
            str(entry.get("EventBusName") or "default") for entry in entries or [] if isinstance(entry, dict)
        }
        for bus in sorted(buses):
            yield Need(action, bus if bus.startswith("arn:") else call.arn(f"event-bus/{bus}"))
        return
    rule = call.text("Rule") or (call.text("Name") if "Rule" in call.operation else None)
    bus = (call.text("EventBusName") or "default").rpartition("/")[2]
    if rule:
        yield Need(action, call.arn(f"rule/{rule}" if bus == "default" else f"rule/{bus}/{rule}"))
    elif "EventBus" in call.operation and (name := call.text("Name")):
        yield Need(action, call.arn(f"event-bus/{name}"))
    else:
        yield Need(action, call.text("ResourceARN"))


def dynamodb_item_needs(call: Call) -> Iterator[Need]:
    """Batches and transactions: the batch's action on each table, or each item's own action on its table."""
    if isinstance(tables := call.parameters.get("RequestItems"), Mapping):
        for table in tables:
            yield Need(f"dynamodb:{call.operation}", _table(call, str(table)))
        return
    items = call.parameters.get("TransactItems")
    for item in items if isinstance(items, list) else []:
        for kind, given in item.items():
            yield Need(f"dynamodb:{_ITEM_ACTIONS.get(kind, kind)}", _table(call, str(given.get("TableName"))))


def dynamodb_statement_needs(call: Call) -> Iterator[Need]:
    """PartiQL: the action is named after the statement's verb."""
    several = (
        call.parameters.get("Statements") or call.parameters.get("TransactStatements") or [call.parameters]
    )
    for each in several if isinstance(several, list) else []:
        words = str(each.get("Statement", "")).split(maxsplit=1)
        yield Need(f"dynamodb:PartiQL{words[0].capitalize() if words else '*'}", None)


def _table(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else call.arn(f"table/{name}")


def iam_needs(call: Call) -> Iterator[Need]:
    """Roles, users, groups and policies, by their ARNs, which contain their paths."""
    action = f"iam:{call.operation}"
    for parameter, kind in _IAM_KINDS.items():
        if name := call.text(parameter):
            role = principals.find_role(name, call.account_id) if kind == "role" else None
            arn = role.arn if role else f"arn:aws:iam::{call.account_id}:{kind}/{name}"
            attached = call.text("PolicyArn")
            yield Need(action, arn, {"iam:policyarn": (attached,)} if attached else {})
            return
    yield Need(action, call.text("PolicyArn"))


def sts_needs(call: Call) -> Iterator[Need]:
    """Assuming a role; nobody needs a permission to ask who he is."""
    if call.operation in ("GetCallerIdentity", "GetSessionToken", "DecodeAuthorizationMessage"):
        return
    context = {}
    if external := call.text("ExternalId"):
        context["sts:externalid"] = (external,)
    if session := call.text("RoleSessionName"):
        context["sts:rolesessionname"] = (session,)
    yield Need(f"sts:{call.operation}", call.text("RoleArn"), context)
