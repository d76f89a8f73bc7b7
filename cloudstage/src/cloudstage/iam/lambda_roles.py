"""What AWS Lambda checks about a function's role before it accepts a function or an event source mapping.

Source: the service's own messages, and "Defining Lambda function permissions with an execution role" in the
Lambda developer guide.
"""

from __future__ import annotations

from typing import Any

from cloudstage.context import Context
from cloudstage.errors import CloudstageError
from cloudstage.iam import on_behalf
from cloudstage.iam.policy import Need
from cloudstage.iam.principals import PARTITION
from cloudstage.iam.roles import RoleNotAssumableError, check_assumable
from cloudstage.patching import Patch

SERVICE = "lambda.amazonaws.com"
_TARGETS = {"sns": ("Publish", "SNS"), "sqs": ("SendMessage", "SQS")}
_TAKING = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")


def install(context: Context, patch: Patch) -> None:
    """Refuse functions and mappings whose role does not do."""
    from moto.awslambda.models import LambdaBackend

    create, update = LambdaBackend.create_function, LambdaBackend.update_function_configuration
    create_mapping = LambdaBackend.create_event_source_mapping

    def create_function(backend: Any, spec: dict[str, Any]) -> Any:
        _check_function(context, spec["Role"], spec)
        return create(backend, spec)

    def update_function(backend: Any, name: str, qualifier: str, body: dict[str, Any]) -> Any:
        _check_function(context, body.get("Role") or backend.get_function(name).role, body)
        return update(backend, name, qualifier, body)

    def create_source(backend: Any, spec: dict[str, Any]) -> Any:
        arn, function = spec.get("EventSourceArn", ""), backend.get_function(spec.get("FunctionName", ""))
        for action in _TAKING if ":sqs:" in arn else ():
            _check_action(context, function.role, f"sqs:{action}", arn, f"{action} on SQS")
        return create_mapping(backend, spec)

    patch.replace(LambdaBackend, "create_function", create_function)
    patch.replace(LambdaBackend, "update_function_configuration", update_function)
    patch.replace(LambdaBackend, "create_event_source_mapping", create_source)


def check_variables(context: Context, function: Any) -> None:
    """Let the role decrypt the variables of moto's ``function``, if a customer's key encrypts them.

    Raises:
        CloudstageError: it may not.
    """
    key, role = function.kms_key_arn, function.role
    if key and function.environment_vars and not on_behalf.may_use_key(context, role, "Decrypt", key):
        raise CloudstageError(
            "Lambda was unable to decrypt the environment variables because KMS access was denied. Please check "
            f"the function's KMS key settings. (the role {role} lacks kms:Decrypt on {key})"
        )


def may_log(context: Context, role: str, group: str, stream: str) -> bool:
    """Whether the role may write a log stream; on AWS, a function whose role may not runs without a log."""
    name = f"log-group:{group}:log-stream:{stream}"
    arn = f"arn:{PARTITION}:logs:{context.region}:{context.account_id}:{name}"
    return all(
        on_behalf.may(context, role, Need(f"logs:{action}", arn))
        for action in ("CreateLogStream", "PutLogEvents")
    )


def _check_function(context: Context, role: str, spec: dict[str, Any]) -> None:
    try:
        check_assumable(role, SERVICE, context.account_id)
    except RoleNotAssumableError:
        raise _refusal("The role defined for the function cannot be assumed by Lambda.") from None
    target = (spec.get("DeadLetterConfig") or {}).get("TargetArn")
    if target and (known := _TARGETS.get(target.split(":")[2])):
        action, service = known
        _check_action(context, role, f"{service.lower()}:{action}", target, f"{action} on {service}")


def _check_action(context: Context, role: str, action: str, arn: str, words: str) -> None:
    if not on_behalf.may(context, role, Need(action, arn)):
        raise _refusal(f"The provided execution role does not have permissions to call {words}")


def _refusal(message: str) -> Exception:
    from moto.awslambda.exceptions import InvalidParameterValueException

    return InvalidParameterValueException(message)
