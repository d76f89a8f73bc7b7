"""Runs queries in threads and brings their executions to a final state."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from cloudstage.athena.engine import Session
from cloudstage.athena.errors import SYSTEM, InvalidRequest, QueryCancelled, QueryFailed
from cloudstage.athena.execution import CANCELLED, SUCCEEDED, QueryExecution, executions
from cloudstage.athena.query import Query
from cloudstage.athena.services import Services
from cloudstage.athena.sql.statement import Statement
from cloudstage.athena.statements import registry

log = logging.getLogger(__name__)

# More wait as QUEUED, as they do on Athena.
_AT_ONCE = 4
_INTERRUPT_AGAIN = 0.1
CANCELLED_BY_USER = "Query cancelled by user"


class QueryRunner:
    """The queries of one cloudstage that are under way."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="athena")
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def submit(self, execution: QueryExecution, statement: Statement) -> None:
        """Run a statement as soon as a thread is free."""
        self._threads.submit(self._run, execution, statement)

    def cancel(self, execution: QueryExecution) -> None:
        """Stop a query; one that has ended stays as it is."""
        execution.finish(CANCELLED, CANCELLED_BY_USER)
        self._interrupt(execution.id)

    def mark_interrupted(self) -> None:
        """Fail what runs, or what an earlier process of the cloudstage has left running."""
        stopped = QueryFailed("", "The cloudstage was stopped while the query ran", SYSTEM)
        for backend in self._services.backends:
            for execution in executions(backend).values():
                execution.fail(stopped)

    def stop(self) -> None:
        """Stop everything."""
        self.mark_interrupted()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for identifier in list(self._sessions):
            self._interrupt(identifier)
        self._threads.shutdown(wait=True)
        self._services.engine.close()

    def _interrupt(self, identifier: str) -> None:
        """Interrupt a query until it is gone: it may be about to run what no interrupt has met yet."""
        with self._lock:
            session = self._sessions.get(identifier)
            if session is None:
                return
            session.interrupt()
        again = threading.Timer(_INTERRUPT_AGAIN, self._interrupt, [identifier])
        again.daemon = True
        again.start()

    def _run(self, execution: QueryExecution, statement: Statement) -> None:
        if not execution.start():
            return
        try:
            with self._services.engine.session() as session:
                self._remember(execution.id, session)
                try:
                    registry.run(Query(self._services, execution, statement, session))
                finally:
                    self._remember(execution.id, None)
            execution.finish(SUCCEEDED)
        except QueryCancelled as reason:
            execution.finish(CANCELLED, str(reason))
        except QueryFailed as failure:
            execution.fail(failure)
        except InvalidRequest as refusal:  # found late what Athena finds before it accepts the query
            execution.fail(QueryFailed("SYNTAX_ERROR", str(refusal)))
        except Exception as error:  # a fault of the cloudstage must not leave the query running for ever
            log.exception("Query %s failed", execution.id)
            execution.fail(QueryFailed("GENERIC_INTERNAL_ERROR", f"{type(error).__name__}: {error}", SYSTEM))
        self._services.context.changed()

    def _remember(self, identifier: str, session: Session | None) -> None:
        with self._lock:
            if session is None:
                self._sessions.pop(identifier, None)
            else:
                self._sessions[identifier] = session
