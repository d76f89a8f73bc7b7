"""The tables a query names, found in the catalog and put in the engine's reach."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from cloudstage.athena.engine import Session
from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.sql import known_functions, parsing
from cloudstage.athena.sql.views import view_query
from cloudstage.athena.tables import information_schema
from cloudstage.athena.tables.catalog import CATALOG, GlueTable
from cloudstage.athena.tables.open import TableOpener
from cloudstage.athena.tables.scan import MemoryScan, TableScan

_CATALOGS = {CATALOG, ""}


@dataclass
class Binder:
    """Binds the trees of one query; ``scans`` are what they read."""

    session: Session
    opener: TableOpener
    database: str | None
    sql: str
    scans: list[TableScan] = field(default_factory=list)

    def bind(self, tree: exp.Expr) -> exp.Expr:
        """Replace each table of the catalog by something that the engine knows; the tree is changed."""
        known_functions.check(tree, self.sql)
        for table in list(tree.find_all(exp.Table)):
            if not _is_common_table(table) and isinstance(table.this, exp.Identifier):
                table.replace(self._bound(table, tree))
        for column in tree.find_all(exp.Column):
            column.set("db", None)
            column.set("catalog", None)
        return tree

    def _bound(self, reference: exp.Table, tree: exp.Expr) -> exp.Expr:
        own_name = exp.TableAlias(this=exp.to_identifier(reference.name, quoted=True))
        alias = reference.args.get("alias") or own_name
        scan = self._described(reference)
        if scan is None:
            found = self._find(reference)
            if found.is_view:
                return exp.Subquery(this=self._expand(found), alias=alias)
            scan = self.opener.open(found, reference, tree, self.session)
        self.scans.append(scan)
        _leave_out_hidden(reference, scan)
        name = self.session.register(scan)
        return exp.Table(this=exp.to_identifier(name), alias=alias, sample=reference.args.get("sample"))

    def _described(self, reference: exp.Table) -> TableScan | None:
        """A table of information_schema."""
        if (reference.db or self.database or "").lower() != information_schema.SCHEMA:
            return None
        found = information_schema.table(self.opener.catalog, reference.name.lower())
        return None if found is None else MemoryScan(found)

    def _find(self, reference: exp.Table) -> GlueTable:
        where = parsing.position(self.sql, reference)
        if reference.catalog.lower() not in _CATALOGS:
            raise QueryFailed("CATALOG_NOT_FOUND", f"{where}: Catalog '{reference.catalog}' not found")
        database = (reference.db or self.database or "").lower()
        if not database:
            raise QueryFailed(
                "MISSING_SCHEMA_NAME", f"{where}: Schema must be specified when session schema is not set"
            )
        table = self.opener.find(database, reference.name.lower())
        if table:
            return table
        if self.opener.catalog.database(database) is None:
            raise QueryFailed("SCHEMA_NOT_FOUND", f"{where}: Schema '{database}' does not exist")
        name = f"{CATALOG}.{database}.{reference.name.lower()}"
        raise QueryFailed("TABLE_NOT_FOUND", f"{where}: Table '{name}' does not exist")

    def _expand(self, view: GlueTable) -> exp.Expr:
        sql, database = view_query(view)
        inner = Binder(self.session, self.opener, database or view.database, sql)
        bound = inner.bind(parsing.parse(sql))
        self.scans.extend(inner.scans)
        return bound


def _leave_out_hidden(reference: exp.Table, scan: TableScan) -> None:
    """``SELECT *, "$path"`` gives the path once: ``*`` has no hidden columns."""
    hidden = [name for name in scan.schema.names if name.startswith("$")]
    select = reference.parent_select
    for projection in select.expressions if hidden and select else []:
        for star in projection.find_all(exp.Star):
            if not isinstance(star.parent, exp.Count):
                star.set("except_", [exp.to_identifier(name, quoted=True) for name in hidden])


def _is_common_table(table: exp.Table) -> bool:
    """Whether a name is that of a WITH query that is in sight."""
    if table.db:
        return False
    node: exp.Expr | None = table
    inside: exp.Expr | None = None
    while node is not None:
        for common in node.args["with_"].expressions if node.args.get("with_") else []:
            if common is inside and not node.args["with_"].args.get("recursive"):
                break
            if common.alias.lower() == table.name.lower():
                return True
        if isinstance(node, exp.CTE):
            inside = node
        node = node.parent
    return False
