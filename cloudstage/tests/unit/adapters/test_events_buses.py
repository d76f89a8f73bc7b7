"""Event buses can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import events_buses

from .gaps import Adapted, with_and_without


@with_and_without(events_buses.update_event_bus)
def test_an_update_changes_the_description(client: Callable[[str], Any], adapted: Adapted) -> None:
    events = client("events")
    events.create_event_bus(Name="orders", Description="Before")
    with adapted:
        events.update_event_bus(Name="orders", Description="After")
    assert events.describe_event_bus(Name="orders")["Description"] == "After"
