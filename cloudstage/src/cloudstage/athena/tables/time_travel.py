"""``FOR TIMESTAMP AS OF`` and ``FOR VERSION AS OF``: an earlier snapshot of an Iceberg table."""

from __future__ import annotations

import duckdb
from pyiceberg.table import StaticTable
from sqlglot import exp

from cloudstage.athena.engine import Session
from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.sql.translate import translations


def snapshot_id(table: StaticTable, reference: exp.Table, session: Session) -> int | None:
    """The snapshot that a reference to a table asks for; None for the current one."""
    version = reference.args.get("version")
    if version is None:
        return None
    wanted = version.expression
    if version.name.upper() == "TIMESTAMP":
        return _at(table, _milliseconds(wanted, session))
    if isinstance(wanted, exp.Literal) and wanted.args.get("is_string"):
        named = table.metadata.refs.get(wanted.name)
        if named is None:
            raise QueryFailed("INVALID_ARGUMENTS", f"Cannot find snapshot with reference name: {wanted.name}")
        return named.snapshot_id
    identifier = int(wanted.name) if wanted.name.isdigit() else 0
    if table.metadata.snapshot_by_id(identifier) is None:
        raise QueryFailed("INVALID_ARGUMENTS", f"Iceberg snapshot ID does not exists: {wanted.sql()}")
    return identifier


def _milliseconds(wanted: exp.Expr, session: Session) -> int:
    moment = exp.Cast(this=wanted.copy(), to=exp.DataType(this=exp.DType.TIMESTAMPTZ))
    query = next(translations(exp.select(moment))).sql
    try:
        ((moment_found,),) = session.connection.execute(query).fetchall()
    except duckdb.Error as error:
        raise QueryFailed(
            "INVALID_ARGUMENTS", f"{wanted.sql(dialect='trino')} is no moment: {error}"
        ) from error
    if moment_found is None:
        raise QueryFailed("INVALID_ARGUMENTS", "Pointer value cannot be NULL")
    return int(moment_found.timestamp() * 1000)


def _at(table: StaticTable, milliseconds: int) -> int:
    snapshot = table.snapshot_as_of_timestamp(milliseconds)
    if snapshot is None:
        name = '"."'.join(table.name())
        raise QueryFailed(
            "INVALID_ARGUMENTS", f'No version history table "{name}" at or before the given time'
        )
    return snapshot.snapshot_id
