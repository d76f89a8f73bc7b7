"""Tables that are files of one format below a location: Parquet, ORC, JSON lines, delimited text."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet as pq

from cloudstage.athena.errors import QueryFailed, not_supported
from cloudstage.athena.tables.catalog import GlueColumn, GlueTable
from cloudstage.athena.tables.decoding import JSON_SERDES, LAZY_SIMPLE, Decoder, decoder, decompressed
from cloudstage.athena.tables.engine_types import conversion
from cloudstage.athena.tables.files import TableFile
from cloudstage.athena.tables.hive_types import arrow_type
from cloudstage.athena.tables.objects import StageObjects
from cloudstage.athena.tables.scan import TableScan

PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
ORC = "org.apache.hadoop.hive.ql.io.orc.OrcSerde"
# The columns that a file has besides its rows. A query that asks for every column (*) does not get these.
HIDDEN = {
    "$path": pa.string(),
    "$file_size": pa.int64(),
    "$file_modified_time": pa.timestamp("ms", tz="UTC"),
}
_ROWS_AT_A_TIME = 50_000


def scan(
    table: GlueTable, objects: StageObjects, files: Sequence[TableFile], columns: Sequence[str]
) -> TableScan:
    """A scan of some columns of ``table``, read from ``files``."""
    decode = decoder(table)
    if decode:
        return TextScan(table, objects, files, columns, decode)
    serde = (table.storage.get("SerdeInfo") or {}).get("SerializationLibrary")
    if serde not in {PARQUET, ORC}:
        raise not_supported(
            f"Table {table.database}.{table.name} has the SerDe {serde}, which can't be read here"
        )
    return ColumnarScan(table, objects, files, columns)


class FilesScan(TableScan):
    """Columns of the files, of the partition and of the file itself, put together for each file."""

    def __init__(
        self, table: GlueTable, objects: StageObjects, files: Sequence[TableFile], columns: Sequence[str]
    ) -> None:
        super().__init__()
        self._table, self._objects, self._files = table, objects, files
        wanted = set(columns)
        self._data = [column for column in table.columns if column.name in wanted]
        self._keys = [column for column in table.partition_columns if column.name in wanted]
        self._hidden = [name for name in HIDDEN if name in wanted]
        fields = [pa.field(column.name, self._raw_type(column)) for column in self._data]
        fields += [pa.field(column.name, arrow_type(column.type)) for column in self._keys]
        fields += [pa.field(name, HIDDEN[name]) for name in self._hidden]
        self.schema = pa.schema(fields)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows of one file after the other."""
        for file in self._files:
            content = self._objects.read(file.stored.uri)
            self.bytes_read += len(content)
            constants = [self._key_value(column, file) for column in self._keys]
            constants += [self._hidden_value(name, file) for name in self._hidden]
            for rows, columns in self._read(content, file.stored.uri):
                repeated = [pa.repeat(constant, rows) for constant in constants]
                yield pa.record_batch([*columns, *repeated], schema=self.schema)

    @abstractmethod
    def _raw_type(self, column: GlueColumn) -> pa.DataType:
        """The type in which ``_read`` gives a column."""

    @abstractmethod
    def _read(self, content: bytes, uri: str) -> Iterator[tuple[int, list[pa.Array]]]:
        """The number of rows and the data columns, some rows at a time."""

    def _key_value(self, column: GlueColumn, file: TableFile) -> pa.Scalar:
        names = [each.name for each in self._table.partition_columns]
        value = file.values[names.index(column.name)]
        kind = arrow_type(column.type)
        try:
            return pa.scalar(value, pa.string()).cast(kind)
        except pa.ArrowInvalid as error:
            raise QueryFailed(
                "HIVE_INVALID_PARTITION_VALUE",
                f"Invalid partition value '{value}' for {column.type} partition key: {column.name}",
            ) from error

    def _hidden_value(self, name: str, file: TableFile) -> pa.Scalar:
        values = {
            "$path": file.stored.uri,
            "$file_size": file.stored.size,
            "$file_modified_time": file.stored.modified,
        }
        return pa.scalar(values[name], HIDDEN[name])


class TextScan(FilesScan):
    """Values are text for the engine to convert."""

    def __init__(
        self,
        table: GlueTable,
        objects: StageObjects,
        files: Sequence[TableFile],
        columns: Sequence[str],
        decode: Decoder,
    ) -> None:
        super().__init__(table, objects, files, columns)
        self._decode = decode
        serde = table.storage["SerdeInfo"]["SerializationLibrary"]
        converted = [
            conversion(column, index, json=serde in JSON_SERDES, lenient=serde == LAZY_SIMPLE)
            for index, column in enumerate(table.columns)
            if column in self._data
        ]
        others = [f'"{name}"' for name in self.schema.names[len(self._data) :]]
        self.select = [*converted, *others]

    def _raw_type(self, column: GlueColumn) -> pa.DataType:
        del column
        return pa.string()

    def _read(self, content: bytes, uri: str) -> Iterator[tuple[int, list[pa.Array]]]:
        names = [column.name for column in self._table.columns]
        positions = [names.index(column.name) for column in self._data]
        rows: list[list[str | None]] = []
        for row in self._decode(decompressed(content, uri), uri):
            rows.append([row[position] for position in positions])
            if len(rows) == _ROWS_AT_A_TIME:
                yield len(rows), _columns(rows, len(positions))
                rows = []
        if rows:
            yield len(rows), _columns(rows, len(positions))


def _columns(rows: list[list[str | None]], width: int) -> list[pa.Array]:
    return [pa.array([row[index] for row in rows], pa.string()) for index in range(width)]


class ColumnarScan(FilesScan):
    """Parquet and ORC: columns are found by name, and converted to the types in the catalog."""

    def _raw_type(self, column: GlueColumn) -> pa.DataType:
        return arrow_type(column.type)

    def _read(self, content: bytes, uri: str) -> Iterator[tuple[int, list[pa.Array]]]:
        for batch in self._batches(content, uri):
            present = {name.lower(): index for index, name in enumerate(batch.schema.names)}
            columns = []
            for column in self._data:
                kind = arrow_type(column.type)
                if column.name not in present:
                    columns.append(pa.nulls(batch.num_rows, kind))
                else:
                    columns.append(_converted(batch.column(present[column.name]), kind, column, uri))
            yield batch.num_rows, columns

    def _batches(self, content: bytes, uri: str) -> Iterator[pa.RecordBatch]:
        wanted = {column.name for column in self._data}
        source = pa.BufferReader(content)
        try:
            if self._table.storage["SerdeInfo"]["SerializationLibrary"] == ORC:
                orc = pyarrow.orc.ORCFile(source)
                names = [name for name in orc.schema.names if name.lower() in wanted]
                yield from orc.read(names or None).to_batches(_ROWS_AT_A_TIME)
            else:
                parquet = pq.ParquetFile(source)
                names = [name for name in parquet.schema_arrow.names if name.lower() in wanted]
                yield from parquet.iter_batches(_ROWS_AT_A_TIME, columns=names or None)
        except pa.ArrowInvalid as error:
            raise QueryFailed("HIVE_CANNOT_OPEN_SPLIT", f"Error opening Hive split {uri}: {error}") from error


def _converted(values: pa.Array, kind: pa.DataType, column: GlueColumn, uri: str) -> pa.Array:
    try:
        return values.cast(kind, safe=not pa.types.is_timestamp(kind))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise QueryFailed(
            "HIVE_BAD_DATA",
            f"Field {column.name}'s type {values.type} in file {uri} is incompatible with type {column.type} "
            "defined in table schema",
        ) from error
