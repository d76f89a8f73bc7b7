"""The Java half of AWS's package ``awsglue``, answered by Python over Spark.

``awsglue`` (AWSGlueDataplanePython on PyPI) is a thin layer over classes of Java, ``com.amazonaws.services.glue``,
which AWS publishes nowhere but in its own places. AWS's Python runs here unchanged; where it reaches for one of
those classes it finds a class of this package. A name that is missing is refused by that name (``refusal``).

This package runs in the Glue runtime: standard library, boto3 and pyspark only. `--extra-jars` with the real
classes (a file named `AWSGlueETL…jar`) keeps it off the path.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType

MODULES = {"awsglue.context", "awsglue.job"}
"""The modules of awsglue that bring Java's names in."""


def install() -> None:
    """Answer for Java as soon as a script imports one of these modules; until then this costs nothing."""
    # Said of how AWS's own code makes data frames.
    warnings.filterwarnings("ignore", message="DataFrame constructor is internal")
    sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in MODULES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(Loader):
    """Loads a module as ``real`` would, and gives it a ``java_import`` that brings in the names of ``java``."""

    def __init__(self, real: Loader) -> None:
        self._real = real

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._real.exec_module(module)
        from .java import java_import

        vars(module)["java_import"] = java_import
