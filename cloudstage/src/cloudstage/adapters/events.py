"""Gaps in moto's EventBridge.

Source: "Amazon EventBridge event patterns" in the EventBridge user guide, and TestEventPattern in its API reference.
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.events.exceptions import InvalidEventPatternException, ValidationException
from moto.events.models import EventPattern, EventPatternParser, EventsBackend, Rule
from moto.events.responses import EventsHandler

from cloudstage.adapters.array_elements import readings
from cloudstage.adapters.event_pattern_rules import PatternError, check
from cloudstage.adapters.registry import adapter
from cloudstage.adapters.schedule_expressions import is_valid
from cloudstage.patching import Patch

EVENT_FIELDS = {"account", "detail-type", "id", "region", "source", "time"}
"""What an event must have to be tested."""


@adapter
def patterns_look_into_arrays(patch: Patch) -> None:
    """A pattern matches an array of objects if it matches one of them, and an empty array is as good as none.

    moto 5.2.5 matches no array of objects, and takes an empty array for a value that exists.
    """
    matches = EventPattern.matches_event

    def matches_event(self: EventPattern, event: Any) -> bool:
        pattern = self.get_pattern() or {}
        return any(matches(self, _without_empty_arrays(reading)) for reading in readings(event, pattern))

    patch.replace(EventPattern, "matches_event", matches_event)


@adapter
def patterns_are_tested(patch: Patch) -> None:
    """TestEventPattern says whether an event matches a pattern.

    moto 5.2.5 matches the events that are sent, but does not have the operation.
    """

    def test_event_pattern(self: EventsHandler) -> TYPE_RESPONSE | str:
        pattern = EventPattern.load(self._get_param("EventPattern"))
        try:
            event = json.loads(self._get_param("Event"))
        except ValueError:
            event = None
        if not isinstance(event, dict) or not event.keys() >= EVENT_FIELDS:
            raise ValidationException("Parameter Event is not valid.")
        candidate: Any = event
        return json.dumps({"Result": pattern.matches_event(candidate)})

    patch.replace(EventsHandler, "test_event_pattern", test_event_pattern)


@adapter
def patterns_are_checked(patch: Patch) -> None:
    """A pattern with an operator that does not exist, or with a wrong operand, is refused.

    moto 5.2.5 accepts it, and it never matches.
    """

    def parse(self: EventPatternParser) -> dict[str, Any]:
        try:
            pattern: Any = json.loads(self.pattern) if self.pattern else {}
        except ValueError as error:
            raise InvalidEventPatternException(reason=str(error)) from None
        if not isinstance(pattern, dict):
            raise InvalidEventPatternException(reason="Filter is not an object")
        try:
            check(pattern)
        except PatternError as error:
            raise InvalidEventPatternException(reason=str(error)) from None
        return pattern

    patch.replace(EventPatternParser, "parse", parse)


@adapter
def schedules_are_checked(patch: Patch) -> None:
    """A schedule that EventBridge could not follow is refused.

    moto 5.2.5 accepts whatever stands in the parentheses.
    """
    put = EventsBackend.put_rule

    def put_rule(self: EventsBackend, name: str, *args: Any, **options: Any) -> Rule:
        schedule = options.get("scheduled_expression")
        if schedule and not is_valid(schedule):
            raise ValidationException("Parameter ScheduleExpression is not valid.")
        return put(self, name, *args, **options)

    patch.replace(EventsBackend, "put_rule", put_rule)


def _without_empty_arrays(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    return {name: _without_empty_arrays(value) for name, value in node.items() if value != []}
