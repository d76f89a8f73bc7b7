"""Reads raw files in Spark's tasks: a file is read by one task, from its first to its last line."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dst.lake import RawObject
from dst.s3_uri import S3Uri

from . import raw_file, records
from .sources import SourceMapping

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

_FILES_SCHEMA = "bucket STRING, key STRING, etag STRING, size_bytes BIGINT, mapping INT"
_BATCH_ROWS = 10_000
_BYTES_PER_TASK = 1 << 20


@dataclass(frozen=True)
class SourceFile:
    """A raw file and how it is to be read."""

    object: RawObject
    mapping: SourceMapping


def read_data(spark: SparkSession, files: Sequence[SourceFile]) -> DataFrame:
    """All records of the files, with the columns of `records.SPARK_SCHEMA`; read when they are first used.

    Raises (when they are used):
        PythonException: with `FileReplacedError` in it, if a file is no longer what was listed.
    """
    mappings = list({id(file.mapping): file.mapping for file in files}.values())
    rows = [
        (
            file.object.uri.bucket,
            file.object.uri.key,
            file.object.etag,
            file.object.size_bytes,
            mappings.index(file.mapping),
        )
        for file in sorted(files, key=lambda file: -file.object.size_bytes)
    ]
    # The largest file begins first; small ones share a task, as starting one costs more than they do.
    total_bytes = sum(file.object.size_bytes for file in files)
    most = 4 * spark.sparkContext.defaultParallelism
    slices = max(1, min(len(rows), most, total_bytes // _BYTES_PER_TASK))
    dealt = [row for start in range(slices) for row in rows[start::slices]]
    listed = spark.createDataFrame(spark.sparkContext.parallelize(dealt, slices), _FILES_SCHEMA)
    return listed.mapInArrow(_reader(mappings), records.SPARK_SCHEMA)


def _reader(
    mappings: Sequence[SourceMapping],
) -> Callable[[Iterable[pyarrow.RecordBatch]], Iterable[pyarrow.RecordBatch]]:
    def read_files(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        import boto3

        s3 = boto3.client("s3")
        for row in itertools.chain.from_iterable(batch.to_pylist() for batch in batches):
            listed = RawObject(S3Uri(row["bucket"], row["key"]), row["etag"], row["size_bytes"])
            found = raw_file.read(raw_file.fetch(s3, listed), str(listed.uri), mappings[row["mapping"]])
            while batch := list(itertools.islice(found, _BATCH_ROWS)):
                yield records.arrow_batch(batch)

    return read_files
