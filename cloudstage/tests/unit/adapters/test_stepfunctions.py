"""Definitions of state machines can be validated."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cloudstage.adapters import stepfunctions

from .gaps import Adapted, with_and_without

PASS = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}


@with_and_without(stepfunctions.validate_state_machine_definition)
def test_a_definition_is_good(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted:
        answer = client("stepfunctions").validate_state_machine_definition(definition=json.dumps(PASS))
    assert (answer["result"], answer["diagnostics"]) == ("OK", [])


@with_and_without(stepfunctions.validate_state_machine_definition)
def test_a_definition_is_not_good(client: Callable[[str], Any], adapted: Adapted) -> None:
    with adapted:
        for definition in ("{", json.dumps({"StartAt": "Only", "States": {"Only": {"Type": "Nothing"}}})):
            answer = client("stepfunctions").validate_state_machine_definition(definition=definition)
            assert answer["result"] == "FAIL"
            assert answer["diagnostics"][0]["severity"] == "ERROR"
            assert answer["diagnostics"][0]["message"]
