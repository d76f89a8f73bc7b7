"""The lake: zones of raw objects and tables, and the one way rows get into a table."""

from dst.lake.lake import Lake
from dst.lake.raw_objects import RawObject

__all__ = ["Lake", "RawObject"]
