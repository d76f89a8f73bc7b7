"""What Athena's operations need: workgroups, data catalogs, and the workgroups of queries.

Source: "Actions, resources, and condition keys for Amazon Athena" in the Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudstage.iam.policy import Need
from cloudstage.iam.requests.call import Call

DEFAULT_WORKGROUP = "primary"
_CATALOG = ("DataCatalog", "Database", "TableMetadata")


def needs(call: Call) -> Iterator[Need]:
    """What the call needs to be allowed."""
    action = f"athena:{call.operation}"
    if any(word in call.operation for word in _CATALOG):
        catalog = call.text("CatalogName", "Name")
        yield Need(action, call.arn(f"datacatalog/{catalog}") if catalog else None)
        return
    workgroup = call.text("WorkGroup") or (call.text("Name") if "WorkGroup" in call.operation else None)
    if workgroup is None and call.operation in ("StartQueryExecution", "CreateNamedQuery"):
        workgroup = DEFAULT_WORKGROUP
    if workgroup is None:
        workgroup = _workgroup_of_query(call)
    yield Need(action, call.arn(f"workgroup/{workgroup}") if workgroup else call.text("ResourceARN"))


def _workgroup_of_query(call: Call) -> str | None:
    """The workgroup in which the query runs that the call is about."""
    from moto.athena.models import athena_backends

    executions: dict[str, Any] = athena_backends[call.account_id][call.region].executions
    execution = executions.get(call.text("QueryExecutionId") or "")
    return getattr(execution, "workgroup", None)
