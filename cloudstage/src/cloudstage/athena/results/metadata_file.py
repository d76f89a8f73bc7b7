"""The ``.metadata`` file beside a result: the columns, for clients that read results from S3 themselves.

The format is protobuf without a published schema. Numbers of the fields as in AthenaMetaDataParser of
burtcorp/athena-jdbc: 4 a column; in it 1 catalog, 4 name, 5 label, 6 type, 7 precision, 8 scale, 9 nullable,
10 case-sensitive. Before the columns come the query's id and, for statements that change rows, their number.
"""

from __future__ import annotations

from collections.abc import Sequence

from cloudstage.athena.results.columns import ResultColumn

_NUMBER, _BYTES = 0, 2
_NULLABLE_UNKNOWN = 3


def metadata_file(query_id: str, columns: Sequence[ResultColumn], update_count: int | None) -> bytes:
    """The content of the file."""
    fields = [_text(1, query_id)]
    if update_count:
        fields.append(_number(3, update_count))
    fields += [_bytes(4, _column(column)) for column in columns]
    return b"".join(fields)


def _column(column: ResultColumn) -> bytes:
    described = column.describe()
    return b"".join(
        [
            _text(1, described["CatalogName"]),
            _text(4, described["Name"]),
            _text(5, described["Label"]),
            _text(6, described["Type"]),
            _number(7, described["Precision"]),
            _number(8, described["Scale"]),
            _number(9, _NULLABLE_UNKNOWN),
            _number(10, int(described["CaseSensitive"])),
        ]
    )


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(value)) + value


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _NUMBER) + _varint(value)


def _varint(value: int) -> bytes:
    content = bytearray()
    while value > 0x7F:
        content.append(value & 0x7F | 0x80)
        value >>= 7
    content.append(value)
    return bytes(content)
