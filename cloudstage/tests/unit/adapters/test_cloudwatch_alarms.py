"""An alarm may be made of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import cloudwatch_alarms

from .gaps import Adapted, with_and_without


@with_and_without(cloudwatch_alarms.composite_alarms)
def test_a_composite_alarm(client: Callable[[str], Any], adapted: Adapted) -> None:
    cloudwatch = client("cloudwatch")
    with adapted:
        cloudwatch.put_composite_alarm(
            AlarmName="any", AlarmRule="ALARM(a) OR ALARM(b)", AlarmDescription="d"
        )
    described = cloudwatch.describe_alarms(AlarmNames=["any"], AlarmTypes=["CompositeAlarm"])
    (alarm,) = described["CompositeAlarms"]
    assert (alarm["AlarmRule"], alarm["AlarmDescription"]) == ("ALARM(a) OR ALARM(b)", "d")
    assert described["MetricAlarms"] == []
