"""Log groups have a class, and queries are saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudstage.adapters import logs_definitions

from .gaps import Adapted, with_and_without


@with_and_without(logs_definitions.groups_have_a_class)
def test_a_group_has_the_class_it_was_created_with(client: Callable[[str], Any], adapted: Adapted) -> None:
    logs = client("logs")
    with adapted:
        logs.create_log_group(logGroupName="a", logGroupClass="INFREQUENT_ACCESS")
        logs.create_log_group(logGroupName="b")
        groups = logs.describe_log_groups()["logGroups"]
    assert [group["logGroupClass"] for group in groups] == ["INFREQUENT_ACCESS", "STANDARD"]


@with_and_without(logs_definitions.metric_filters_are_replaced)
def test_a_metric_filter_is_changed(client: Callable[[str], Any], adapted: Adapted) -> None:
    logs = client("logs")
    metric = {"metricName": "Errors", "metricNamespace": "Etl", "metricValue": "1"}
    logs.create_log_group(logGroupName="a")
    with adapted:
        for pattern in ("ERROR", "FATAL"):
            logs.put_metric_filter(
                logGroupName="a", filterName="f", filterPattern=pattern, metricTransformations=[metric]
            )
    filters = logs.describe_metric_filters(logGroupName="a")["metricFilters"]
    assert [each["filterPattern"] for each in filters] == ["FATAL"]


@with_and_without(logs_definitions.saved_queries)
def test_a_query_is_saved_changed_and_deleted(client: Callable[[str], Any], adapted: Adapted) -> None:
    logs = client("logs")
    with adapted:
        made = logs.put_query_definition(name="etl/errors", queryString="fields @message")[
            "queryDefinitionId"
        ]
        logs.put_query_definition(queryDefinitionId=made, name="etl/errors", queryString="limit 5")
        (query,) = logs.describe_query_definitions(queryDefinitionNamePrefix="etl/")["queryDefinitions"]
        assert (query["queryDefinitionId"], query["queryString"]) == (made, "limit 5")
        assert logs.delete_query_definition(queryDefinitionId=made)["success"]
        with pytest.raises(logs.exceptions.ResourceNotFoundException):
            logs.delete_query_definition(queryDefinitionId=made)
