"""What AWS Glue's operations need.

Source: "Specifying AWS Glue resource ARNs" in the Glue developer guide: an operation on a table is checked against
the catalog, the database and the table; one on a partition against its table.

``GetTables``, ``SearchTables`` and ``GetDatabases`` leave out what the caller may not see on AWS; here they show
all to who may list the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cloudstage.iam.policy import Need
from cloudstage.iam.requests.call import Call

_NAMED = {
    "BlueprintName": "blueprint/{}",
    "ConnectionName": "connection/{}",
    "CrawlerName": "crawler/{}",
    "JobName": "job/{}",
    "TriggerName": "trigger/{}",
    "WorkflowName": "workflow/{}",
}
_OF_NAME = ("Blueprint", "Connection", "Crawler", "Job", "Trigger", "Workflow")
"""Kinds whose operations call the name of theirs ``Name``; the operations end so."""
_CATALOG = ("Database", "Partition", "Table", "UserDefinedFunction", "ColumnStatistics")


def needs(call: Call) -> Iterator[Need]:
    """What the call needs to be allowed."""
    for arn in _resources(call):
        yield Need(f"glue:{call.operation}", arn)


def _resources(call: Call) -> Iterator[str | None]:
    if any(kind in call.operation for kind in _CATALOG):
        yield from _catalog_resources(call)
        return
    if arn := call.text("ResourceArn"):
        yield arn
        return
    name = call.text("Name")
    kind = next((kind for kind in _OF_NAME if kind in call.operation), None)
    named = (resource.format(call.text(each)) for each, resource in _NAMED.items() if call.text(each))
    part = f"{kind.lower()}/{name}" if kind and name else next(named, None)
    yield call.arn(part) if part else None


def _catalog_resources(call: Call) -> Iterator[str]:
    yield call.arn("catalog")
    database = call.text("DatabaseName") or _name(call, "DatabaseInput")
    if database is None and "Database" in call.operation:
        database = call.text("Name")
    if database is None:
        return
    yield call.arn(f"database/{database}")
    for table in _tables(call):
        yield call.arn(f"table/{database}/{table}")


def _tables(call: Call) -> list[str]:
    """The tables that the call names."""
    several = call.parameters.get("TablesToDelete")
    if isinstance(several, list):
        return [str(each) for each in several]
    name = call.text("TableName") or _name(call, "TableInput")
    if name is None and call.operation in ("GetTable", "DeleteTable"):
        name = call.text("Name")
    return [name] if name else []


def _name(call: Call, parameter: str) -> str | None:
    value: Any = call.parameters.get(parameter)
    name = value.get("Name") if isinstance(value, Mapping) else None
    return name if isinstance(name, str) else None
