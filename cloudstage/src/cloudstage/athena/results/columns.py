"""The columns of a result as GetQueryResults describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from duckdb.sqltypes import DuckDBPyType

# The engine's type -> Athena's name and the precision it reports for it (measured on Athena, see errors.py).
_TYPES = {
    "bigint": ("bigint", 19),
    "blob": ("varbinary", 1073741824),
    "boolean": ("boolean", 0),
    "date": ("date", 0),
    "double": ("double", 17),
    "float": ("float", 17),
    # A sum of integers is 128 bits wide in the engine, a bigint in Athena.
    "hugeint": ("bigint", 19),
    "integer": ("integer", 10),
    "interval": ("interval day to second", 0),
    "list": ("array", 0),
    "array": ("array", 0),
    "map": ("map", 0),
    "null": ("unknown", 0),
    "smallint": ("smallint", 5),
    "struct": ("row", 0),
    "time": ("time", 3),
    "timestamp": ("timestamp", 3),
    "timestamp_ms": ("timestamp", 3),
    "timestamp_ns": ("timestamp", 3),
    "timestamp_s": ("timestamp", 3),
    "timestamp with time zone": ("timestamp with time zone", 3),
    "tinyint": ("tinyint", 3),
    "ubigint": ("bigint", 19),
    "uuid": ("uuid", 0),
    "varchar": ("varchar", 2147483647),
}


@dataclass(frozen=True)
class ResultColumn:
    """A column: ``type`` is Athena's name of it, without its parameters.

    ``zone``: the values are times of this zone, which is shown with them.
    """

    name: str
    type: str
    precision: int = 0
    scale: int = 0
    zone: str | None = None

    def describe(self) -> dict[str, Any]:
        """The ColumnInfo of GetQueryResults."""
        return {
            "CatalogName": "hive",
            "SchemaName": "",
            "TableName": "",
            "Name": self.name,
            "Label": self.name,
            "Type": self.type,
            "Precision": self.precision,
            "Scale": self.scale,
            "Nullable": "UNKNOWN",
            "CaseSensitive": self.type in {"varchar", "char"},
        }


def text_column(name: str) -> ResultColumn:
    """A column of a statement that Athena hands to Hive (SHOW, DESCRIBE): all of them are strings."""
    return ResultColumn(name, "string")


ROW_COUNT = ResultColumn("rows", "bigint", 19)


def result_column(name: str, engine_type: DuckDBPyType, zone: str | None = None) -> ResultColumn:
    """The column of Athena for a column of the engine."""
    if zone and engine_type.id.startswith("timestamp"):
        return ResultColumn(name, "timestamp with time zone", 3, zone=zone)
    if engine_type.id == "decimal":
        precision, scale = (int(str(child[1])) for child in engine_type.children)
        return ResultColumn(name, "decimal", precision, scale)
    if str(engine_type) == "JSON":
        return ResultColumn(name, "json")
    athena, precision = _TYPES.get(engine_type.id, _TYPES["varchar"])
    return ResultColumn(name, athena, precision)
