"""What S3 announces, as it is: encoded keys, test events, and everything else that gets into a queue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dst.errors import MessageError
from etl.register_raw_data.arrivals import Arrival, from_notification

DATA = Path(__file__).parents[2] / "data/register_raw_data"
NOTIFICATION: dict[str, Any] = json.loads((DATA / "object_created.json").read_text())


def notification(**stored: Any) -> str:
    text = json.dumps(NOTIFICATION)
    changed = json.loads(text)
    changed["Records"][0]["s3"]["object"] |= stored
    return json.dumps(changed)


def only(text: str) -> Arrival:
    (arrival,) = from_notification(text, "signals/")
    return arrival


def test_a_notification_gives_the_row() -> None:
    arrival = only(notification())
    assert json.loads(arrival.as_json()) == {
        "bucket": "default-dst-raw-123456789012",
        "key": "signals/co2/weekly values.csv",
        "version_id": "096fKKXTRTtl3on89fVO.nfljtsv6qko",
        "sequencer": "0055AED6DCD90281E5",
        "etag": "d41d8cd98f00b204e9800998ecf8427e",
        "size_bytes": 1024,
        "source": "co2",
        "event_name": "ObjectCreated:Put",
        "arrived_at": "2024-01-31 23:59:59.987",
    }
    assert arrival.object_key.startswith("arrived_on=2024-01-31/")


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_every_key_is_decoded_as_s3_encodes_it(key: str) -> None:
    assert only(notification(key=quote_plus(key, safe="/"))).key == key


@pytest.mark.parametrize(
    ("key", "source"), [("signals/a.csv", None), ("signals/x/y/a.csv", "x"), ("signals/x/", "x")]
)
def test_a_source_is_the_first_directory_below_the_prefix(key: str, source: str | None) -> None:
    assert only(notification(key=key)).source == source


def test_the_same_event_has_the_same_place_and_bytes_and_another_version_has_not() -> None:
    first, again, other = only(notification()), only(notification()), only(notification(versionId="2"))
    assert (first.object_key, first.as_json()) == (again.object_key, again.as_json())
    assert other.object_key != first.object_key


def test_a_bucket_without_versions_is_told_apart_by_sequencer() -> None:
    places = {only(notification(versionId=None, sequencer=each)).object_key for each in ("0A", "0B", "0A")}
    assert len(places) == 2


def test_the_test_event_of_s3_announces_nothing() -> None:
    event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "raw"}
    assert from_notification(json.dumps(event), "signals/") == []


def test_a_notification_can_hold_several_objects() -> None:
    both = {
        "Records": [NOTIFICATION["Records"][0], json.loads(notification(key="signals/b.csv"))["Records"][0]]
    }
    assert [each.key for each in from_notification(json.dumps(both), "signals/")] == [
        "signals/co2/weekly values.csv",
        "signals/b.csv",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "null",
        "[]",
        "{}",
        '{"Records": null}',
        '{"Records": [{}]}',
        '{"Records": [1]}',
        notification(size=None),
    ],
)
def test_what_is_no_notification_is_refused(text: str) -> None:
    with pytest.raises(MessageError, match="is not a notification of S3"):
        from_notification(text, "signals/")


def test_another_event_is_refused() -> None:
    removed = notification().replace("ObjectCreated:Put", "ObjectRemoved:Delete")
    with pytest.raises(MessageError, match="ObjectRemoved:Delete"):
        from_notification(removed, "signals/")
