"""What answers for the Java half of ``awsglue``: AWS's own archive where there is one, else ``awsglue_java``.

AWS publishes the archive (`AWSGlueETL….jar`) outside of Maven Central. A job names it in `--extra-jars`, or a
cloudstage is started with its path in `CLOUDSTAGE_GLUE_ETL_JAR`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

VARIABLE = "CLOUDSTAGE_GLUE_ETL_JAR"
IMPORT_PATH = Path(__file__).resolve().parent
"""The directory from which a driver imports ``awsglue_java``."""


def archives() -> list[Path]:
    """AWS's archive on this machine, if its place is named."""
    named = os.environ.get(VARIABLE)
    return [Path(named).expanduser()] if named else []


def import_path(extra_jars: Sequence[Path]) -> list[Path]:
    """What a driver with these Java archives needs on its import path."""
    return (
        []
        if any("glueetl" in archive.name.lower() for archive in extra_jars) or archives()
        else [IMPORT_PATH]
    )
