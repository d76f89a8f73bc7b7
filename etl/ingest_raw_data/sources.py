"""Source mappings: one small file `sources/<name>.json` says how the raw files of a source are read.

Its schema, with every key explained, is `source.schema.json`.
"""

import fnmatch
import importlib.resources
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dst.errors import DeclarationError


@dataclass(frozen=True)
class ValueColumn:
    """A column that holds values and what is special to it; empty where record or mapping say it."""

    name: str
    time: str = ""
    signal_name: str = ""
    unit: str = ""


@dataclass(frozen=True)
class SourceMapping:
    """How the files of one source become observations.

    Attributes:
        name: of the source; None for the default format, whose records name it themselves.
        files: patterns over the path below `source_data_uri`.
        format: csv, jsonl or None for "by the file's ending".
        columns: signal_name, unit, source to the file's column; those a record must have are in `required`.
        time_columns: joined by a space.
        values: one for the layout long.
    """

    name: str | None
    files: tuple[str, ...]
    columns: Mapping[str, str]
    time_columns: tuple[str, ...]
    values: tuple[ValueColumn, ...]
    format: str | None = None
    delimiter: str = ","
    signal_name: str = ""
    unit: str = ""
    time_format: str | None = None
    missing_values: tuple[str, ...] = ()
    wide: bool = False
    optional: frozenset[str] = field(default_factory=frozenset)

    @property
    def required(self) -> frozenset[str]:
        """Columns that a file must have."""
        needed = {*self.columns.values(), *self.time_columns, *(each.name for each in self.values)}
        return frozenset(needed - self.optional)


_KEYS = ("files", "format", "delimiter", "columns", "signal_name", "unit", "time_format", "missing_values")
_COLUMNS = {"signal_name", "observed_at", "value", "unit", "source"}

DEFAULT = SourceMapping(
    name=None,
    files=("*",),
    columns={"signal_name": "signal_name", "unit": "unit", "source": "source"},
    time_columns=("observed_at",),
    values=(ValueColumn("value"),),
    optional=frozenset({"source"}),
)
"""Long files with the columns signal_name, observed_at, value, unit and optionally source."""


def load(package: str) -> list[SourceMapping]:
    """Read all mappings of the job, in order of their names.

    Raises:
        DeclarationError: one of them is wrong.
    """
    directory = importlib.resources.files(package).joinpath("sources")
    files = (
        [each for each in directory.iterdir() if each.name.endswith(".json")] if directory.is_dir() else []
    )
    return [
        parse(each.name.removesuffix(".json"), each.read_text(encoding="utf-8"))
        for each in sorted(files, key=str)
    ]


def parse(name: str, text: str) -> SourceMapping:
    """Read one mapping.

    Raises:
        DeclarationError: it is not JSON, a key is missing or unknown, or the layout and the columns disagree.
    """
    origin = f"sources/{name}.json"
    try:
        declared = json.loads(text)
        if problems := _problems(declared):
            raise DeclarationError(f"{origin}: {'; '.join(problems)}; see source.schema.json")
        for comment in ("$schema", "description"):
            declared.pop(comment, None)
        columns = dict(declared.pop("columns"))
        times = columns.pop("observed_at")
        wide = declared.pop("layout") == "wide"
        value_columns = declared.pop("value_columns") if wide else {columns.pop("value"): {}}
        mapping = SourceMapping(
            name=name,
            files=tuple(declared.pop("files")),
            columns=columns,
            time_columns=(times,) if isinstance(times, str) else tuple(times),
            values=tuple(ValueColumn(column, **special) for column, special in value_columns.items()),
            missing_values=tuple(declared.pop("missing_values", ())),
            wide=wide,
            **declared,
        )
    except KeyError as error:
        raise DeclarationError(f"{origin}: {error} is missing; see source.schema.json") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise DeclarationError(f"{origin} is not a source mapping: {error}; see source.schema.json") from None
    for what in ("signal_name", "unit"):
        said_by_value = all(getattr(each, what) for each in mapping.values)
        if what not in mapping.columns and not getattr(mapping, what) and not said_by_value:
            raise DeclarationError(f"{origin}: nothing says the {what}; add it, or a column for it")
    return mapping


def _problems(declared: Mapping[str, Any]) -> list[str]:
    known = {"$schema", "description", "layout", "value_columns", *_KEYS}
    problems = [f"{key} is unknown" for key in sorted(declared.keys() - known)]
    problems += [f"columns.{key} is unknown" for key in sorted(declared["columns"].keys() - _COLUMNS)]
    if not isinstance(declared["files"], list) or not declared["files"]:
        problems.append("files must be a list of patterns")
    if declared["layout"] not in ("long", "wide"):
        problems.append("layout must be long or wide")
    if declared.get("format", "csv") not in ("csv", "jsonl"):
        problems.append("format must be csv or jsonl")
    if len(declared.get("delimiter", ",")) != 1:
        problems.append("delimiter must be one character")
    return problems


def choose(path: str, mappings: Sequence[SourceMapping]) -> SourceMapping:
    """The mapping for a file, the default one if none takes it.

    Args:
        path: of the file, below `source_data_uri`.
        mappings: the job's.

    Raises:
        DeclarationError: two mappings take it.
    """
    taking = [each for each in mappings if any(fnmatch.fnmatchcase(path, pattern) for pattern in each.files)]
    if len(taking) > 1:
        names = " and ".join(f"sources/{each.name}.json" for each in taking)
        raise DeclarationError(f"{names} both take the file {path}; make their patterns exclude each other")
    return taking[0] if taking else DEFAULT
