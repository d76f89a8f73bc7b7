"""A gap in moto's CloudWatch alarms."""

from __future__ import annotations

from moto.cloudwatch.responses import CloudWatchResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def composite_alarms(patch: Patch) -> None:
    """An alarm may be made of others.

    moto 5.2.5 can keep and describe such alarms, and has no PutCompositeAlarm.
    """
    patch.replace(CloudWatchResponse, "put_composite_alarm", CloudWatchResponse.put_metric_alarm)
