"""Terraform's JSON lines become counts, news and one readable reason."""

import json

from ops.terraform.events import Events


def test_counts_and_news() -> None:
    news: list[str] = []
    events = Events(news.append)
    events.read(json.dumps({"type": "version", "@message": "Terraform 1.11.4"}))
    events.read(json.dumps({"type": "apply_complete", "@message": "aws_s3_bucket.x: Creation complete"}))
    events.read(
        json.dumps(
            {"type": "change_summary", "@message": "", "changes": {"add": 3, "change": 2, "remove": 1}}
        )
    )
    assert news == ["aws_s3_bucket.x: Creation complete"]
    assert (events.add, events.change, events.destroy) == (3, 2, 1)


def test_an_error_says_where() -> None:
    events = Events(lambda _: None)
    diagnostic = {
        "severity": "error",
        "summary": "Invalid value for variable",
        "detail": "stage must be one of local, dev, int, prd.",
        "range": {"filename": "variables.tf", "start": {"line": 7}},
    }
    events.read(json.dumps({"type": "diagnostic", "diagnostic": diagnostic}))
    assert (
        events.reason
        == "Invalid value for variable\n  stage must be one of local, dev, int, prd.\n  (variables.tf:7)"
    )


def test_what_is_not_json_is_the_reason_of_last_resort() -> None:
    events = Events(lambda _: None)
    events.read("panic: runtime error")
    assert events.reason == "panic: runtime error"
