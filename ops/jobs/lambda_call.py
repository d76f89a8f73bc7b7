"""A call of a deployed Lambda job, through the Lambda API."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from ops.errors import ConfigurationError, JobFailedError


def invoke(client: Any, name: str, event: Mapping[str, Any], say: Callable[[str], None]) -> Any:
    """Call a function with an event, tell `say` its last log lines, return its answer.

    Raises:
        JobFailedError: the function raised, timed out or could not start.
        ConfigurationError: there is no such function.
    """
    try:
        reply = client.invoke(FunctionName=name, Payload=json.dumps(event), LogType="Tail")
    except client.exceptions.ResourceNotFoundException:
        raise ConfigurationError(f"Lambda has no function {name!r}; deploy it: dst apply") from None
    for line in base64.b64decode(reply.get("LogResult", "")).decode(errors="replace").splitlines():
        say(line)
    answer = json.loads(reply["Payload"].read() or "null")
    if reply.get("FunctionError"):
        raise JobFailedError(
            f"{name} failed: {answer.get('errorType', 'Error')}: {answer.get('errorMessage', '')}"
        )
    return answer
