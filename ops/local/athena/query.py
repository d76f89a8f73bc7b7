"""One query while it runs."""

from __future__ import annotations

import time
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from ops.local.athena.engine import Session
from ops.local.athena.errors import QueryFailed
from ops.local.athena.execution import QueryExecution
from ops.local.athena.services import Services
from ops.local.athena.sql import diagnosis, parsing
from ops.local.athena.sql.binding import Binder
from ops.local.athena.sql.statement import Statement
from ops.local.athena.sql.translate import to_engine
from ops.local.athena.tables.scan import TableScan


@dataclass
class Query:
    """A statement, the record of its execution, and what it works with."""

    services: Services
    execution: QueryExecution
    statement: Statement
    session: Session

    def plan(self, tree: exp.Expr) -> Plan:
        """Bind and translate a query; the engine checks it without running it."""
        sql = self.statement.text
        binder = Binder(self.session, self.services.tables, self.execution.database, sql)
        original = tree.copy()
        bound = binder.bind(tree)
        try:
            relation = self.session.connection.sql(to_engine(bound))
        except duckdb.Error as error:
            raise self.explained(error, original) from error
        self.execution.planning_seconds = time.time() - (self.execution.started or time.time())
        return Plan(relation, original, binder.scans)

    def explained(self, error: duckdb.Error, tree: exp.Expr | None) -> QueryFailed:
        """Why the query fails; what a scan met explains more than the engine's text of it."""
        failure = self.session.scan_failure()
        if isinstance(failure, QueryFailed):
            return failure
        return diagnosis.explain(error, self.statement.text, tree)

    def parse(self) -> exp.Expr:
        """The statement's tree."""
        return parsing.parse(self.statement.text)


@dataclass
class Plan:
    """A query that is ready to run."""

    relation: duckdb.DuckDBPyRelation
    tree: exp.Expr
    scans: list[TableScan]
