"""Which event source mappings AWS takes, and what it answers to others.

Source: "CreateEventSourceMapping" in the AWS Lambda API reference, and the service's own messages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cloudstage.adapters import event_pattern_rules
from cloudstage.awslambda.event_sources import streams
from cloudstage.awslambda.event_sources.queues import SourceQueue

LARGEST_BATCH_WITHOUT_WINDOW = 10
LARGEST_BATCH = 10_000
STARTING_POSITIONS = ("LATEST", "AT_TIMESTAMP", "TRIM_HORIZON")
SOURCES = ("sqs", "kinesis", "dynamodb")

Spec = Mapping[str, Any]


def refusal(message: str, code: str = "InvalidParameterValueException", status: int = 400) -> Exception:
    """moto's LambdaClientError, which is answered with ``code`` and ``message``."""
    from moto.awslambda.exceptions import LambdaClientError

    error = LambdaClientError(code, message)
    error.code = status
    return error


def is_queue(source_arn: str) -> bool:
    """Whether the source is a queue, not a stream."""
    return source_arn.split(":")[2] == "sqs"


def check_new(mappings: Mapping[str, Any], source_arn: str, function_arn: str) -> None:
    """Raise the refusal of a second mapping from the source to the function."""
    for mapping in mappings.values():
        if (mapping.event_source_arn, mapping.function_arn) == (source_arn, function_arn):
            function = function_arn.partition(":function:")[2]
            raise refusal(
                (
                    f'An event source mapping with SQS arn (" {source_arn} ") and function (" {function} ") '
                    if is_queue(source_arn)
                    else f'The event source arn (" {source_arn} ") and function (" {function} ") provided mapping '
                )
                + f"already exists. Please update or delete the existing mapping with UUID {mapping.uuid}",
                "ResourceConflictException",
                409,
            )


def check_settings(source_arn: str, spec: Spec, mapping: Any = None) -> None:
    """Raise the refusal of impossible settings; ``mapping`` is what an update changes."""
    if source_arn.split(":")[2] not in SOURCES:
        raise refusal(f"cloudstage polls SQS queues, Kinesis and DynamoDB streams, not {source_arn}")
    size = spec.get("BatchSize") or getattr(mapping, "batch_size", None)
    window = spec.get("MaximumBatchingWindowInSeconds", getattr(mapping, "max_batch_window", None))
    largest = LARGEST_BATCH_WITHOUT_WINDOW if source_arn.endswith(".fifo") else LARGEST_BATCH
    if spec.get("BatchSize") is not None and not 1 <= spec["BatchSize"] <= largest:
        raise refusal(
            f"1 validation error detected: Value '{spec['BatchSize']}' at 'batchSize' failed to satisfy "
            f"constraint: Member must have value between 1 and {largest}"
        )
    if is_queue(source_arn) and (size or 0) > LARGEST_BATCH_WITHOUT_WINDOW and not window:
        raise refusal(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        )
    for entry in (spec.get("FilterCriteria") or {}).get("Filters") or []:
        _check_filter(entry.get("Pattern", ""))


def _check_filter(pattern: str) -> None:
    try:
        event_pattern_rules.check(json.loads(pattern))
    except (AttributeError, ValueError):  # it is no JSON, no object, or has a comparison that is none
        raise refusal("Invalid filter pattern definition.") from None


def check_queue(queue: SourceQueue, function: Any) -> None:
    """Raise the refusal of a queue that is missing, or that shows messages again too early."""
    if not queue.exists:
        raise refusal(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
            "SQS Error Message: The specified queue does not exist."
        )
    if queue.visibility_timeout < int(function.timeout):
        raise refusal(
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than "
            f"Function timeout: {function.timeout} seconds"
        )


def check_stream(stream: streams.Stream, position: str | None) -> None:
    """Raise the refusal of a stream that is missing, or of a position where it can't be read from."""
    problem = "1 validation error detected: Value {} at 'startingPosition' failed to satisfy constraint: Member must {}"
    if position is None:
        raise refusal(problem.format("null", "not be null."))
    if position not in STARTING_POSITIONS:
        allowed = f"satisfy enum value set: [{', '.join(STARTING_POSITIONS)}]"
        raise refusal(problem.format(f"'{position}'", allowed), "ValidationException")
    if position == "AT_TIMESTAMP" and isinstance(stream, streams.DynamoDBStream):
        raise refusal(f"Unsupported starting position for arn type: {stream.arn}")
    if not stream.exists:
        raise refusal(f"Stream not found: {stream.arn}")
