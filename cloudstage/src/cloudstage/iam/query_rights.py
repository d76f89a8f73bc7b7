"""An Athena query runs with the rights of its caller: what it needs of the catalog, the data and the results.

Checked are the tables that the query itself names, not those behind its views, and each table's location as a
whole; and statements that sqlglot can parse: of others (``SHOW``, ``MSCK REPAIR``) only the result.

Source: "Fine-grained access to databases and tables in the AWS Glue Data Catalog" and "Control access to Amazon S3
from Athena" in the Athena user guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from cloudstage.context import Context
from cloudstage.iam import authorization
from cloudstage.iam.policy import Need
from cloudstage.iam.requests import keys

_CHANGES: dict[type[exp.Expr], str] = {
    exp.Delete: "UpdateTable",
    exp.Drop: "DeleteTable",
    exp.Insert: "GetTable",
    exp.Merge: "UpdateTable",
    exp.Update: "UpdateTable",
}
"""Statement → what is done to the table that it changes."""


def refusal(context: Context, query: str, database: str | None, output_location: str) -> str | None:
    """Why Athena fails the query of the request that is being answered; None if its caller may run it."""
    caller = authorization.current_caller.get()
    if caller is None:
        return None
    for need in (
        *_object("PutObject", output_location),
        *_table_needs(context, query, database or "default"),
    ):
        text = authorization.refusal(need, caller, context.account_id, context.region)
        if text:
            return f"Insufficient permissions to execute the query. {text}"
    return None


def _table_needs(context: Context, query: str, database: str) -> Iterator[Need]:
    try:
        statement = sqlglot.parse_one(query, read="athena")
    except SqlglotError:
        return  # the engine will say what is wrong with it
    common = {each.alias for each in statement.find_all(exp.CTE)}
    target = statement.this if type(statement) in _CHANGES or isinstance(statement, exp.Create) else None
    for table in statement.find_all(exp.Table):
        if table.db or table.name not in common:
            schema, name = table.db or database, table.name.partition("$")[0]
            is_target = target is not None and table in target.find_all(exp.Table)
            yield from _needs_of(context, statement, schema, name, is_target=is_target)


def _needs_of(
    context: Context, statement: exp.Expr, schema: str, name: str, *, is_target: bool
) -> Iterator[Need]:
    if schema == "information_schema":
        return
    glue = f"arn:aws:glue:{context.region}:{context.account_id}"
    creates = is_target and isinstance(statement, exp.Create)
    action = (
        "CreateTable" if creates else _CHANGES.get(type(statement), "GetTable") if is_target else "GetTable"
    )
    for action_needed in dict.fromkeys(("CreateTable",) if creates else ("GetTable", action)):
        for resource in ("catalog", f"database/{schema}", f"table/{schema}/{name}"):
            yield Need(f"glue:{action_needed}", f"{glue}:{resource}")
    location = keys.table_location(context.account_id, context.region, schema, name)
    if location and not creates and not isinstance(statement, exp.Drop):
        yield from _object("PutObject" if is_target else "GetObject", f"{location.rstrip('/')}/*")


def _object(action: str, uri: str) -> Iterator[Need]:
    address = urlsplit(uri)
    if address.scheme == "s3":
        yield Need(f"s3:{action}", f"arn:aws:s3:::{address.netloc}{address.path}")
