"""The fields of a frame as a tree: what a path such as ``address.city`` names can be taken, dropped, put."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf
from pyspark.sql.types import StructType

_PART = re.compile(r"`([^`]+)`|([^.`]+)")
Path = tuple[str, ...]


def path_of(text: str) -> Path:
    """The parts of a path. A name with a dot stands between backticks."""
    return tuple(quoted or plain for quoted, plain in _PART.findall(text))


@dataclass
class Struct:
    """Fields by name, in order; ``whole`` is the column they came from, of which a null stays null."""

    fields: dict[str, Column | Struct] = field(default_factory=dict)
    whole: Column | None = None

    @classmethod
    def of(cls, frame: DataFrame) -> Struct:
        """The fields of a frame."""
        return _expanded(frame.schema, [sf.col(f"`{each.name}`") for each in frame.schema], None)

    def take(self, path: Path) -> Column | Struct | None:
        """What a path names, or None if there is no such field. Names are equal in any case, as in Spark."""
        name = self._name(path[0])
        found = self.fields.get(name) if name is not None else None
        if len(path) == 1 or found is None:
            return found
        return found.take(path[1:]) if isinstance(found, Struct) else None

    def put(self, path: Path, value: Column | Struct) -> None:
        """Put a value at a path, in the place of what is there or at the end."""
        name = self._name(path[0]) or path[0]
        if len(path) == 1:
            self.fields[name] = value
            return
        inner = self.fields.get(name)
        if not isinstance(inner, Struct):
            inner = self.fields[name] = Struct()
        inner.put(path[1:], value)

    def drop(self, path: Path) -> None:
        """Remove what a path names, if it is there."""
        name = self._name(path[0])
        if name is None:
            return
        inner = self.fields[name]
        if len(path) == 1:
            del self.fields[name]
        elif isinstance(inner, Struct):
            inner.drop(path[1:])
            if not inner.fields:
                del self.fields[name]

    def rename(self, old: Path, new: Path) -> None:
        """Give the field of a path another; it keeps its place if only its last name changes."""
        value = self.take(old)
        if value is None:
            return
        parent = self.take(old[:-1]) if old[:-1] else self
        if old[:-1] == new[:-1] and isinstance(parent, Struct):
            was = parent._name(old[-1])
            parent.fields = {new[-1] if name == was else name: each for name, each in parent.fields.items()}
        else:
            self.drop(old)
            self.put(new, value)

    def leaves(self, before: Path = ()) -> Iterator[tuple[Path, Column]]:
        """Every field that is no struct, with its path."""
        for name, value in self.fields.items():
            if isinstance(value, Struct):
                yield from value.leaves((*before, name))
            else:
                yield (*before, name), value

    def column(self) -> Column:
        """All fields as one column."""
        together = sf.struct(*self.columns())
        return together if self.whole is None else sf.when(self.whole.isNotNull(), together)

    def columns(self) -> list[Column]:
        """A column for each field."""
        return [as_column(value).alias(name) for name, value in self.fields.items()]

    def _name(self, wanted: str) -> str | None:
        if wanted in self.fields:
            return wanted
        return next((name for name in self.fields if name.lower() == wanted.lower()), None)


def as_column(value: Column | Struct) -> Column:
    """A field's value as one column."""
    return value.column() if isinstance(value, Struct) else value


def _expanded(kind: StructType, columns: list[Column], whole: Column | None) -> Struct:
    made = Struct(whole=whole)
    for each, column in zip(kind, columns, strict=True):
        inner = each.dataType
        if isinstance(inner, StructType):
            made.fields[each.name] = _expanded(inner, [column[name] for name in inner.names], column)
        else:
            made.fields[each.name] = column
    return made
