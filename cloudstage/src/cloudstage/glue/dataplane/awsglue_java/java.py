"""The names of Java's classes, as ``awsglue`` looks for them."""

from __future__ import annotations

import json
import sys
from typing import Any

from py4j.java_gateway import java_import as import_from_java
from pyspark.sql import DataFrame, SparkSession

from .context import Context
from .frame import Frame
from .records import from_python
from .refusal import Missing

GLUE = "com.amazonaws.services.glue"
MISSING = ("AWSConnectionUtils", "EntityDetector", "EvaluateDataQuality", "SparkUtility", "StreamingSource")
BOOKMARKS = (
    "Job bookmarks are not kept in a cloudstage: this run reads everything, also what earlier runs have read."
)


def java_import(jvm: Any, name: str) -> None:
    """Import a class of Java; those of AWS Glue are answered by this package."""
    if not name.startswith(GLUE) and "glue" not in name:
        import_from_java(jvm, name)
        return
    answers = {
        "CallSite": lambda *site: site,
        "DynamicFrame": DynamicFrames(),
        "GlueContext": lambda *_: Context(SparkSession.builder.getOrCreate()),
        "GlueLogger": lambda: Logger(jvm),
        "GluePythonUtils": PythonUtils(),
        "Job": Job(),
        "JsonOptions": json.loads,
        "MappingSpec": Pairs(jvm),
        "RecordUtils": RecordUtils(),
        "ResolveSpec": Pairs(jvm),
    }
    for name_in_java, answer in answers.items():
        if name_in_java not in vars(jvm):
            setattr(jvm, name_in_java, answer)
    for name_in_java in MISSING:
        setattr(jvm, name_in_java, Missing(name_in_java))


class Pairs:
    """Makes mappings and specifications: here these stay what they are in Scala, tuples."""

    def __init__(self, jvm: Any) -> None:
        self._jvm = jvm

    def apply(self, first: Any, *second: Any) -> Any:
        """One tuple, or one of two texts."""
        return self._jvm.scala.Tuple2.apply(first, *second) if second else first


class PythonUtils:
    """Conversions between Python and Scala, of which none is needed here."""

    def _same(self, value: Any) -> Any:
        return value

    seqAsJava = constructOption = constructChoiceOption = _same  # noqa: N815


class RecordUtils:
    """Names of fields."""

    def quoteName(self, name: str) -> str:  # noqa: N802
        """A name as a path may hold it."""
        return f"`{name}`" if "." in name else name


class DynamicFrames:
    """Makes frames."""

    def apply(self, data_frame: Any, context: Context) -> Frame:
        """The frame of one of Spark's data frames (Java's object)."""
        return Frame(DataFrame(data_frame, context.session))

    def fromPythonRDD(self, frame: Frame, records: Any, context: Context, *_: Any) -> Frame:  # noqa: N802
        """The frame of what a Python function made of the records of ``frame``."""
        return from_python(frame, records, context.session)

    def emptyDynamicFrame(self, context: Context) -> Frame:  # noqa: N802
        """A frame without fields and records."""
        return Frame(context.session.createDataFrame([], "struct<>"))


class Job:
    """What happens at the start and end of a script: nothing is kept from run to run."""

    def __init__(self) -> None:
        self._initialized = False

    def init(self, _name: str, _session: Any, arguments: dict[str, Any]) -> None:
        """Begin."""
        self._initialized = True
        given = " ".join([str(arguments.get("job_bookmark_option", "")), *sys.argv])
        if "job-bookmark-enable" in given:
            print(BOOKMARKS, file=sys.stderr)

    def isInitialized(self) -> bool:  # noqa: N802
        """Whether ``init`` was called."""
        return self._initialized

    def commit(self) -> None:
        """Keep the bookmarks, of which there are none."""


class Logger:
    """The logger that ``GlueContext.get_logger`` gives: its lines are in the log group of errors."""

    def __init__(self, jvm: Any) -> None:
        self._logger = jvm.org.apache.log4j.LogManager.getLogger("GlueLogger")

    def info(self, message: str) -> None:
        """Log what happens."""
        self._logger.info(message)

    def warn(self, message: str) -> None:
        """Log what may be wrong."""
        self._logger.warn(message)

    def error(self, message: str) -> None:
        """Log what is wrong."""
        self._logger.error(message)
