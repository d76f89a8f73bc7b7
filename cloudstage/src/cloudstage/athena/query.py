"""One query while it runs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from sqlglot import exp

from cloudstage.athena.engine import Session
from cloudstage.athena.errors import QueryCancelled, QueryFailed
from cloudstage.athena.execution import QueryExecution
from cloudstage.athena.results.columns import ROW_COUNT, ResultColumn, result_column
from cloudstage.athena.results.files import text_file
from cloudstage.athena.results.metadata_file import metadata_file
from cloudstage.athena.results.store import PLAIN, ResultStore
from cloudstage.athena.services import Services
from cloudstage.athena.sql import diagnosis, names, parsing, prepared
from cloudstage.athena.sql.binding import Binder
from cloudstage.athena.sql.statement import Statement
from cloudstage.athena.sql.translate import translations
from cloudstage.athena.sql.zones import shown_zones
from cloudstage.athena.tables.catalog import CATALOG, GlueTable
from cloudstage.athena.tables.scan import TableScan

_ROWS_AT_A_TIME = 50_000


@dataclass
class Plan:
    """A query that the engine has checked and is ready to run."""

    query: Query
    relation: duckdb.DuckDBPyRelation
    names: list[str | None]
    zones: list[str | None]
    tree: exp.Expr
    scans: list[TableScan]

    @property
    def columns(self) -> list[ResultColumn]:
        """The columns of the result."""
        zones = self.zones or [None] * len(self.names)
        described = enumerate(zip(self.names, self.relation.types, zones, strict=True))
        return [result_column(name or f"_col{index}", kind, zone) for index, (name, kind, zone) in described]

    @property
    def zone_unit(self) -> str:
        """The precision of timestamps with a time zone: microseconds if a table keeps such."""
        kinds = [field.type for scan in self.scans for field in scan.schema]
        fine = any(pa.types.is_timestamp(kind) and kind.tz and kind.unit != "ms" for kind in kinds)
        return "us" if fine else "ms"

    def start(self) -> pa.RecordBatchReader:
        """Run the query; the reader gives its rows as they come."""
        try:
            return self._narrowed.to_arrow_reader(_ROWS_AT_A_TIME)
        except duckdb.Error as error:
            raise self.query.explained(error, self.tree) from error

    @property
    def _narrowed(self) -> duckdb.DuckDBPyRelation:
        """The relation with sums of integers, 128 bits wide in the engine, as Athena's bigints."""
        kinds = [kind.id for kind in self.relation.types]
        if "hugeint" not in kinds:
            return self.relation
        columns = enumerate(kinds, start=1)
        return self.relation.project(
            ", ".join(f"#{index}::BIGINT" if kind == "hugeint" else f"#{index}" for index, kind in columns)
        )

    def batches(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        """The rows of a started query, accounted for as they are read."""
        try:
            for batch in reader:
                self._account()
                yield batch
        except duckdb.Error as error:
            raise self.query.explained(error, self.tree) from error
        self._account()

    def rows(self) -> pa.Table:
        """All rows at once."""
        reader = self.start()
        return pa.Table.from_batches(self.batches(reader), reader.schema)

    def _account(self) -> None:
        execution = self.query.execution
        execution.scanned_bytes = sum(scan.bytes_read for scan in self.scans)
        execution.scanned_rows = sum(scan.rows_read for scan in self.scans)
        if execution.bytes_limit and execution.scanned_bytes > execution.bytes_limit:
            raise QueryCancelled("Bytes scanned limit was exceeded")


@dataclass
class Query:
    """A statement, the record of its execution, and what it works with."""

    services: Services
    execution: QueryExecution
    statement: Statement
    session: Session

    @property
    def database(self) -> str:
        """The current database."""
        return (self.execution.database or "default").lower()

    @property
    def store(self) -> ResultStore:
        """Where the query leaves its files."""
        return ResultStore(self.services.s3, self.execution.encryption)

    def parse(self) -> exp.Expr:
        """The statement's tree, with the values for its parameters."""
        return prepared.bind(parsing.parse(self.statement.text), self.execution.parameters or [])

    def plan(self, tree: exp.Expr) -> Plan:
        """Bind and translate a query; the engine checks it without running it."""
        binder = Binder(self.session, self.services.tables, self.execution.database, self.statement.text)
        original = tree.copy()
        bound = binder.bind(tree)
        refusals = []
        for translation in translations(bound):
            try:
                relation = self.session.relation(translation.sql)
            except duckdb.Error as error:
                refusals.append(error)
                continue
            self.execution.planning_seconds = time.time() - (self.execution.started or time.time())
            column_names = translation.column_names(relation.columns)
            return Plan(self, relation, column_names, shown_zones(original), original, binder.scans)
        raise self.explained(refusals[0], original) from refusals[0]

    def explained(self, error: duckdb.Error, tree: exp.Expr | None) -> QueryFailed:
        """Why the query fails; what a scan met explains more than the engine's text of it."""
        failure = self.session.scan_failure()
        if isinstance(failure, QueryFailed):
            return failure
        if isinstance(failure, FileNotFoundError):
            return QueryFailed("ICEBERG_CANNOT_OPEN_SPLIT", f"Error opening a file of a table: {failure}")
        columns = {name.lower() for scan in self.session.scans for name in scan.schema.names}
        return diagnosis.explain(error, self.statement.text, tree, columns)

    def table(self, name: str, database: str | None = None) -> GlueTable:
        """The table of a name in a statement of Hive's kind; QueryFailed if there is none."""
        wanted = names.table_name(name, database or self.database)
        found = self.services.catalog.table(str(wanted.database), wanted.table)
        if found is None:
            full_name = f"{CATALOG}.{wanted.database}.{wanted.table}"
            raise QueryFailed("TABLE_NOT_FOUND", f"line 1:1: Table '{full_name}' does not exist")
        return found

    def answer(self, columns: list[ResultColumn], rows: Iterable[str]) -> None:
        """Leave the result of a statement of Hive's kind: a line of text per row."""
        lines = list(rows)
        self.execution.columns = columns
        self.execution.has_file = True
        self.execution.update_count = 0
        self.execution.output_rows = len(lines)
        self.store.put(self.execution.output_location, text_file(lines), PLAIN)
        self.describe_result()

    def count(self, rows: int) -> None:
        """Leave the number of rows that a statement has changed."""
        self.execution.columns, self.execution.update_count = [ROW_COUNT], rows
        self.execution.output_rows = rows
        self.describe_result()

    def done(self) -> None:
        """Leave the empty result of a statement that gives none."""
        self.store.put(self.execution.output_location, b"", PLAIN)

    def describe_result(self) -> None:
        """Write the file that describes the result's columns."""
        execution = self.execution
        content = metadata_file(execution.id, execution.columns, execution.update_count)
        self.store.put(f"{execution.output_location}.metadata", content)
