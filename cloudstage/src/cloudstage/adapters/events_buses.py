"""A gap in moto's event buses."""

from __future__ import annotations

import json
from typing import Any

from moto.core.utils import unix_time
from moto.events.responses import EventsHandler

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

_FIELDS = {
    "Description": "description",
    "KmsKeyIdentifier": "kms_key_identifier",
    "DeadLetterConfig": "dead_letter_config",
}


@adapter
def update_event_bus(patch: Patch) -> None:
    """UpdateEventBus changes what it names. moto 5.2.5 does not have it."""

    def update_event_bus(self: EventsHandler) -> tuple[str, dict[str, Any]]:
        request: dict[str, Any] = json.loads(self.body)
        bus = self.events_backend.describe_event_bus(request["Name"])
        for field in request.keys() & _FIELDS:
            setattr(bus, _FIELDS[field], request[field])
        bus.last_modified_time = unix_time()
        kept = {field: getattr(bus, attribute) for field, attribute in _FIELDS.items()}
        told = {field: value for field, value in kept.items() if value}
        return json.dumps({"Arn": bus.arn, "Name": bus.name} | told), self.response_headers

    patch.replace(EventsHandler, "update_event_bus", update_event_bus)
