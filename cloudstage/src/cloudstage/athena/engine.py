"""The query engine: DuckDB inside the cloudstage's process, one connection for each query."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb

from cloudstage.athena.tables.scan import TableScan

# Beyond this the engine writes to the cloudstage's directory instead of taking more memory.
_MEMORY_LIMIT = "2GB"
_FUNCTIONS = Path(__file__).parent / "sql" / "functions.sql"


class Session:
    """A connection for the time of one query."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.scans: list[TableScan] = []

    def register(self, scan: TableScan) -> str:
        """Make a scan known to the engine under the name that is returned."""
        number = len(self.scans)
        self.connection.register(f"__scan_{number}", scan)
        self.scans.append(scan)
        name = f"__table_{number}"
        columns = ", ".join(scan.select)
        self.connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {columns} FROM __scan_{number}")  # noqa: S608
        return name

    def relation(self, sql: str) -> duckdb.DuckDBPyRelation:
        """A query, checked but not run. The error of a wrong one says where in ``sql`` it is wrong."""
        try:
            return self.connection.sql(sql)
        except duckdb.Error:
            # The same error once more: only this way does the engine give the place.
            self.connection.execute(f"EXPLAIN {sql}")
            raise

    def interrupt(self) -> None:
        """Stop what runs; from another thread."""
        self.connection.interrupt()

    def scan_failure(self) -> Exception | None:
        """The first error that a scan met, of which the engine reports only the text."""
        return next((scan.failure for scan in self.scans if scan.failure), None)


class Engine:
    """All queries of a cloudstage share the memory limit and the functions defined here."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._database: duckdb.DuckDBPyConnection | None = None

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """A session; what it registered is gone afterwards."""
        connection = self._connect()
        try:
            yield Session(connection)
        except duckdb.FatalException:
            self.close()  # of no use any more; the next query opens another
            raise
        finally:
            connection.close()

    def warm(self) -> None:
        """Open the database before the first query needs it."""
        self._connect().close()

    def close(self) -> None:
        """Let go of memory and temporary files."""
        with self._lock:
            if self._database:
                self._database.close()
                self._database = None

    def _connect(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._database is None:
                self._database = self._open()
            connection = self._database.cursor()
        connection.execute("SET TimeZone = 'UTC'")
        return connection

    def _open(self) -> duckdb.DuckDBPyConnection:
        database = duckdb.connect(
            config={
                "memory_limit": _MEMORY_LIMIT,
                "temp_directory": str(self._directory / "athena-temporary"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
            }
        )
        for definition in _FUNCTIONS.read_text(encoding="utf-8").split(";\n"):
            if definition.strip():
                database.execute(definition)
        # No query reads the machine's files.
        database.execute("SET enable_external_access = false")
        return database
