"""ROW FORMAT and STORED AS in the words of a Glue StorageDescriptor."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from cloudstage.athena.errors import not_supported
from cloudstage.athena.tables.decoding import LAZY_SIMPLE
from cloudstage.athena.tables.hive import ORC, PARQUET

_TEXT = (
    "org.apache.hadoop.mapred.TextInputFormat",
    "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
)
# STORED AS: input format, output format and the SerDe if ROW FORMAT names none.
_FORMATS = {
    "ORC": (
        "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
        "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
        ORC,
    ),
    "PARQUET": (
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        PARQUET,
    ),
    "TEXTFILE": (*_TEXT, LAZY_SIMPLE),
}
_DELIMITERS = {
    "fields": "field.delim",
    "escaped": "escape.delim",
    "lines": "line.delim",
    "null": "serialization.null.format",
}


def storage(properties: list[exp.Expr]) -> dict[str, Any]:
    """Formats and SerDe from the properties of a CREATE TABLE."""
    formats = list(_FORMATS["TEXTFILE"])
    parameters: dict[str, str] = {}
    serde: str | None = None
    for each in properties:
        if isinstance(each, exp.FileFormatProperty):
            formats = _stored_as(each, formats)
        elif isinstance(each, exp.RowFormatSerdeProperty):
            serde = each.this.name
            given = each.args.get("serde_properties")
            parameters |= {one.name: one.args["value"].name for one in (given.expressions if given else [])}
        elif isinstance(each, exp.RowFormatDelimitedProperty):
            parameters |= {
                name: each.args[key].name for key, name in _DELIMITERS.items() if each.args.get(key)
            }
            if "field.delim" in parameters:
                parameters["serialization.format"] = parameters["field.delim"]
        elif isinstance(each, exp.SerdeProperties):
            parameters |= {one.name: one.args["value"].name for one in each.expressions}
    return {
        "InputFormat": formats[0],
        "OutputFormat": formats[1],
        "SerdeInfo": {"SerializationLibrary": serde or formats[2], "Parameters": parameters},
    }


def _stored_as(node: exp.FileFormatProperty, formats: list[str]) -> list[str]:
    wanted = node.this
    if isinstance(wanted, exp.InputOutputFormat):
        return [wanted.args["input_format"].name, wanted.args["output_format"].name, formats[2]]
    name = wanted.name.upper()
    if name not in _FORMATS:
        raise not_supported(f"A cloudstage does not know STORED AS {name}")
    return list(_FORMATS[name])
