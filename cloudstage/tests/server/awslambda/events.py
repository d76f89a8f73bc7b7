"""A function that writes down what it was invoked with, and the test's way to read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WRITE_EVENT = """
    import json, os, pathlib
    def handler(event, context):
        target = pathlib.Path(os.environ["TARGET"], context.aws_request_id)
        target.with_suffix(".new").write_text(json.dumps(event))
        target.with_suffix(".new").rename(target.with_suffix(".json"))
"""


class Events:
    """What the function wrote down, in the order of its writing."""

    def __init__(self, directory: Path) -> None:
        self.environment = {"Variables": {"TARGET": str(directory)}}
        self._directory = directory

    def all(self) -> list[dict[str, Any]]:
        files = sorted(self._directory.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return [json.loads(path.read_text()) for path in files]

    def bodies(self) -> list[str]:
        return [record["body"] for event in self.all() for record in event["Records"]]
