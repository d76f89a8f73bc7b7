"""Athena in a local stage: queries really run, against the stage's own Glue catalog and S3.

moto's Athena answers from a queue of canned results. ``install`` replaces its query operations; workgroups,
named queries, prepared statements and data catalogs stay moto's. The engine is DuckDB, the SQL is translated
by sqlglot, Iceberg tables are read by pyiceberg.
"""

from __future__ import annotations

from ops.local.context import StageContext


def install(context: StageContext) -> None:
    """Make queries run in the stage of ``context``."""
    # Loading all this takes longer than starting the rest of the stage: not before it is wanted.
    from ops.local.athena.api import QueryOperations
    from ops.local.athena.catalog_api import CatalogOperations
    from ops.local.athena.engine import Engine
    from ops.local.athena.protocol import replace
    from ops.local.athena.results_api import ResultOperations
    from ops.local.athena.runner import QueryRunner
    from ops.local.athena.services import Services
    from ops.local.athena.tables.objects import StageObjects

    objects = StageObjects(context.account_id, context.region)
    services = Services(context, objects, Engine(context.directory))
    runner = QueryRunner(services)
    replace(QueryOperations(services, runner))
    replace(ResultOperations(services))
    replace(CatalogOperations(services))
    context.on_start(runner.mark_interrupted)
    context.on_start(services.engine.warm)
    context.on_stop(runner.stop)
