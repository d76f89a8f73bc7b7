"""Athena in a cloudstage: queries really run, against the cloudstage's own Glue catalog and S3.

moto's Athena answers from a queue of canned results. ``install`` replaces its operations of queries, results
and of the catalog; workgroups, named queries, prepared statements and data catalogs stay moto's. The engine is
DuckDB, the SQL is translated by sqlglot, Iceberg tables are read by pyiceberg. The way of a query::

    api, starting      accepted or refused, a QueryExecution kept in moto's backend
    runner             a thread, a session of the engine
    statements/        what each kind of statement does
    sql/               bound to the catalog's tables, translated, its errors explained
    tables/            tables as streams of Arrow batches: Iceberg, Parquet, ORC, JSON, CSV
    results/           the files that Athena would leave, and their types and texts

What passes here must pass on Athena: names, types and functions that only the engine knows are refused.
Where a cloudstage is more lenient or does less than Athena, on purpose:

- CREATE TABLE AS and UNLOAD take an Iceberg ``timestamp(6)`` and store milliseconds; Athena refuses it.
- DELETE and UPDATE rewrite the table instead of adding delete files; MERGE, OPTIMIZE, VACUUM and INSERT INTO a
  table that is not Iceberg fail and say so, as do functions that the engine lacks.
- Iceberg's equality deletes can't be read, and the query says so; position deletes can.
- An array subscript beyond the end is null, a decimal divided is a double.
- A query's data scanned are whole files, not the columns read of them.
"""

from __future__ import annotations

from cloudstage.athena.api import QueryOperations
from cloudstage.athena.catalog_api import CatalogOperations
from cloudstage.athena.engine import Engine
from cloudstage.athena.protocol import replace
from cloudstage.athena.results_api import ResultOperations
from cloudstage.athena.runner import QueryRunner
from cloudstage.athena.services import Services
from cloudstage.athena.tables.objects import StageObjects
from cloudstage.context import Context
from cloudstage.patching import Patch


def install(context: Context, patch: Patch) -> None:
    """Make queries run in the cloudstage of ``context``."""
    objects = StageObjects(context.account_id, context.region)
    services = Services(context, objects, Engine(context.directory))
    runner = QueryRunner(services)
    replace(QueryOperations(services, runner), patch)
    replace(ResultOperations(services), patch)
    replace(CatalogOperations(services), patch)
    context.on_start(runner.mark_interrupted)
    context.on_start(services.engine.warm)
    context.on_stop(runner.stop)
