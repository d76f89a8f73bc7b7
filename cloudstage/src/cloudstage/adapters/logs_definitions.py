"""Gaps in what moto's CloudWatch Logs keeps: the class of a group, metric filters, and saved queries."""

from __future__ import annotations

import json
import uuid
from typing import Any

from moto.core.utils import unix_time_millis
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.metric_filters import MetricFilters
from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

DEFAULT_CLASS = "STANDARD"


@adapter
def groups_have_a_class(patch: Patch) -> None:
    """DescribeLogGroups says which class a group was created with.

    moto 5.2.5 does not keep it: Terraform wants to replace an INFREQUENT_ACCESS group, with its log, in each plan.
    """
    create, describe = LogsResponse.create_log_group, LogGroup.to_describe_dict

    def create_log_group(self: LogsResponse) -> str:
        answer = create(self)
        if given := self._get_param("logGroupClass"):
            vars(self.logs_backend.groups[self._get_param("logGroupName")])["log_group_class"] = given
        return answer

    def to_describe_dict(self: LogGroup) -> dict[str, Any]:
        return describe(self) | {"logGroupClass": vars(self).get("log_group_class", DEFAULT_CLASS)}

    patch.replace(LogsResponse, "create_log_group", create_log_group)
    patch.replace(LogGroup, "to_describe_dict", to_describe_dict)


@adapter
def metric_filters_are_replaced(patch: Patch) -> None:
    """PutMetricFilter replaces the filter of that name.

    moto 5.2.5 adds a second one and describes the first: Terraform can't change a filter.
    """
    original = MetricFilters.add_filter

    def add_filter(
        self: MetricFilters, filter_name: str, filter_pattern: str, log_group_name: str, *args: Any
    ) -> None:
        self.delete_filter(filter_name, log_group_name)
        original(self, filter_name, filter_pattern, log_group_name, *args)

    patch.replace(MetricFilters, "add_filter", add_filter)


@adapter
def saved_queries(patch: Patch) -> None:
    """Query definitions, which moto 5.2.5 does not have, are put, described and deleted."""

    def put_query_definition(self: LogsResponse) -> str:
        given: dict[str, Any] = json.loads(self.body)
        queries = _queries(self)
        query_id = given.setdefault("queryDefinitionId", str(uuid.uuid4()))
        if self._get_param("queryDefinitionId") and query_id not in queries:
            raise ResourceNotFoundException
        given.pop("clientToken", None)
        queries[query_id] = given | {"lastModified": int(unix_time_millis())}
        return json.dumps({"queryDefinitionId": query_id})

    def describe_query_definitions(self: LogsResponse) -> str:
        prefix = self._get_param("queryDefinitionNamePrefix") or ""
        found = [each for each in _queries(self).values() if each["name"].startswith(prefix)]
        return json.dumps({"queryDefinitions": found})

    def delete_query_definition(self: LogsResponse) -> str:
        if _queries(self).pop(self._get_param("queryDefinitionId"), None) is None:
            raise ResourceNotFoundException
        return json.dumps({"success": True})

    for operation in (put_query_definition, describe_query_definitions, delete_query_definition):
        patch.replace(LogsResponse, operation.__name__, operation)


def _queries(response: LogsResponse) -> dict[str, dict[str, Any]]:
    """The saved queries of a region by their ids; they are saved with its log groups."""
    queries: dict[str, dict[str, Any]] = vars(response.logs_backend).setdefault("query_definitions", {})
    return queries
