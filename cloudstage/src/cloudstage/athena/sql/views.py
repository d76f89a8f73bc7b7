"""Views as Athena keeps them in the Glue catalog."""

from __future__ import annotations

import base64
import json
import re

from cloudstage.athena.errors import QueryFailed
from cloudstage.athena.tables.catalog import GlueTable

_PRESTO_VIEW = re.compile(r"/\* Presto View: (\S+) \*/")


def view_query(view: GlueTable) -> tuple[str, str | None]:
    """The query of a view and the database in which its names are looked up."""
    text = view.definition.get("ViewOriginalText") or ""
    match = _PRESTO_VIEW.search(text)
    if not match:
        raise QueryFailed("INVALID_VIEW", f"View {view.database}.{view.name} is not one that Athena made")
    definition = json.loads(base64.b64decode(match.group(1)))
    return definition["originalSql"], definition.get("schema")
