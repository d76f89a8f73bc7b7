"""What `terraform plan -json` and `apply -json` say, line by line.

The format: https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import json
from collections.abc import Callable
from typing import Any

_TOLD = ("apply_complete", "apply_errored")


class Events:
    """Counts changes, collects errors, and reports each finished resource."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.add = self.change = self.destroy = 0
        self._say = say
        self._errors: list[str] = []
        self._other: list[str] = []

    @property
    def reason(self) -> str:
        """Why the command failed: terraform's errors, else whatever else it printed."""
        return "\n".join(self._errors or self._other[-20:])

    def read(self, line: str) -> None:
        """Take one line of terraform's output; lines which are not its JSON are kept for `reason`."""
        try:
            event = json.loads(line)
            kind = event["type"]
        except (ValueError, KeyError, TypeError):
            self._other.append(line)
            return
        if kind == "change_summary":
            counts = event["changes"]
            self.add, self.change, self.destroy = counts["add"], counts["change"], counts["remove"]
        elif kind == "diagnostic" and event["diagnostic"]["severity"] == "error":
            self._errors.append(_explain(event["diagnostic"]))
        elif kind in _TOLD:
            self._say(event["@message"].split(" [id=", 1)[0])


def _explain(diagnostic: dict[str, Any]) -> str:
    place = diagnostic.get("address") or ""
    if "range" in diagnostic:
        place = f"{diagnostic['range']['filename']}:{diagnostic['range']['start']['line']} {place}".strip()
    parts = [diagnostic["summary"], diagnostic.get("detail", ""), f"({place})" if place else ""]
    return "\n  ".join(filter(None, (part.strip() for part in parts)))
