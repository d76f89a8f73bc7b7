"""What Lambda refuses when a mapping is created or changed, and moto accepts.

Source: "CreateEventSourceMapping" in the AWS Lambda API reference, and the service's own messages.
"""

from __future__ import annotations

from typing import Any

LARGEST_BATCH_WITHOUT_WINDOW = 10


def check(backend: Any, mapping: Any) -> None:
    """Raise moto's InvalidParameterValueException or ConflictException if AWS would refuse ``mapping``."""
    from moto.awslambda.exceptions import InvalidParameterValueException
    from moto.sqs.models import sqs_backends

    region, account_id, queue_name = mapping.event_source_arn.split(":")[3:6]
    queue: Any = sqs_backends[account_id][region].queues[queue_name]
    function = backend.get_function(mapping.function_arn)
    if queue.visibility_timeout < int(function.timeout):
        raise InvalidParameterValueException(
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than "
            f"Function timeout: {function.timeout} seconds"
        )
    if mapping.batch_size > LARGEST_BATCH_WITHOUT_WINDOW and not mapping.max_batch_window:
        raise InvalidParameterValueException(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        )


def check_unique(backend: Any, source_arn: str, function_name: str) -> None:
    """Raise moto's ResourceConflictException if the function already has a mapping for this source."""
    from moto.awslambda.exceptions import LambdaClientError

    function_arn = backend.get_function(function_name).function_arn
    for mapping in backend._event_source_mappings.values():
        if (mapping.event_source_arn, mapping.function_arn) == (source_arn, function_arn):
            error = LambdaClientError(
                "ResourceConflictException",
                f'The event source arn (" {source_arn} ") and function (" {function_arn} ") provided mapping '
                f"already exists. Please update or delete the existing mapping with UUID {mapping.uuid}",
            )
            error.code = 409
            raise error
