"""Which schedules of a rule EventBridge accepts.

Source: "Setting a schedule pattern for scheduled rules" in the Amazon EventBridge user guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
ANY_DAY = "?"


@dataclass(frozen=True)
class Field:
    """One field of a cron expression: its numbers, their names, and what else may stand there."""

    lowest: int
    highest: int
    names: tuple[str, ...] = ()
    special: str = "(?!)"

    def accepts(self, text: str) -> bool:
        """Whether the field may hold ``text``."""
        return all(self._accepts_one(part) for part in text.split(","))

    def _accepts_one(self, text: str) -> bool:
        if re.fullmatch(self.special, text):
            return True
        values, _, step = text.partition("/")
        if "/" in text and not (step.isdigit() and int(step) > 0):
            return False
        return values == "*" or all(self._is_value(value) for value in values.split("-", 1))

    def _is_value(self, text: str) -> bool:
        return text in self.names or (text.isdigit() and self.lowest <= int(text) <= self.highest)


CRON = (
    Field(0, 59),
    Field(0, 23),
    Field(1, 31, special=r"\?|L|LW|([1-9]|[12]\d|3[01])W"),
    Field(1, 12, tuple(MONTHS)),
    Field(1, 7, tuple(DAYS), special=rf"\?|L|([1-7]|{'|'.join(DAYS)})(L|#[1-5])"),
    Field(1970, 2199),
)


def is_valid(expression: str) -> bool:
    """Whether the expression is a legal ``rate(…)`` or ``cron(…)``."""
    if rate := re.fullmatch(r"rate\(([1-9]\d*) (minute|hour|day)(s?)\)", expression):
        return (int(rate[1]) == 1) == (rate[3] == "")
    cron = re.fullmatch(r"cron\((\S+(?: \S+){5})\)", expression)
    if cron is None:
        return False
    texts = cron[1].upper().split(" ")
    one_kind_of_day = (texts[2] == ANY_DAY) != (texts[4] == ANY_DAY)
    return one_kind_of_day and all(field.accepts(text) for field, text in zip(CRON, texts, strict=True))
