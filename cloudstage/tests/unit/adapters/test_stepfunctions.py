"""Definitions of state machines can be validated, their versions listed."""

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


@with_and_without(stepfunctions.list_state_machine_versions)
def test_versions_are_listed_from_the_latest(client: Callable[[str], Any], adapted: Adapted) -> None:
    machines = client("stepfunctions")
    role = "arn:aws:iam::123456789012:role/machine"
    definition = json.dumps(PASS)
    plain = machines.create_state_machine(name="plain", roleArn=role, definition=definition)[
        "stateMachineArn"
    ]
    made = machines.create_state_machine(name="published", roleArn=role, definition=definition, publish=True)
    published = made["stateMachineArn"]
    other = json.dumps({**PASS, "Comment": "another"})
    machines.update_state_machine(stateMachineArn=published, definition=other, publish=True)
    with adapted:
        assert machines.list_state_machine_versions(stateMachineArn=plain)["stateMachineVersions"] == []
        listed = machines.list_state_machine_versions(stateMachineArn=published)["stateMachineVersions"]
    assert [each["stateMachineVersionArn"] for each in listed] == [f"{published}:2", f"{published}:1"]
