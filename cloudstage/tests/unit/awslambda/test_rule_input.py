"""What a rule's target receives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudstage.awslambda.rule_targets import as_delivered, target_input

EVENT = {
    "id": "1",
    "source": "aws.glue",
    "resources": ["r"],
    "detail": {"state": "FAILED", "text": 'a "b"', "n": 3},
}


def transformed(template: str) -> str:
    paths = {
        "state": "$.detail.state",
        "text": "$.detail.text",
        "n": "$.detail.n",
        "all": "$.detail",
        "no": "$.x",
    }
    target = {"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}
    return target_input(target, EVENT, "rule", "arn:rule")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({}, EVENT),
        ({"Input": '{"fixed": true}'}, {"fixed": True}),
        ({"InputPath": "$.detail.n"}, 3),
        ({"InputPath": "$.detail"}, EVENT["detail"]),
    ],
)
def test_input_and_input_path(target: dict[str, Any], expected: object) -> None:
    assert json.loads(target_input(target, EVENT, "rule", "arn:rule")) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('"Job is <state>"', "Job is FAILED"),
        ('"It said <text>"', 'It said a "b"'),
        ('"<all>"', json.dumps(EVENT["detail"])),
        ('{"state": <state>, "n": <n>}', {"state": "FAILED", "n": 3}),
        ('{"all": <all>}', {"all": EVENT["detail"]}),
        ('{"missing": "<no>"}', {"missing": ""}),
        (
            '{"rule": "<aws.events.rule-name>", "event": <aws.events.event.json>}',
            {"rule": "rule", "event": EVENT},
        ),
        ('"quoted \\"<state>\\" <unknown>"', 'quoted "FAILED" <unknown>'),
    ],
)
def test_input_transformers_give_json(template: str, expected: object) -> None:
    assert json.loads(transformed(template)) == expected


def test_the_time_of_an_event_is_text() -> None:
    assert as_delivered({"time": 0.5, "ingestion-time": 1.0}) == {"time": "1970-01-01T00:00:00Z"}
