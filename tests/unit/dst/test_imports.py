"""What a Lambda job must not need."""

from __future__ import annotations

import subprocess
import sys

from ops.project import ROOT


def test_a_lambda_job_imports_neither_spark_nor_pandas() -> None:
    code = "import sys, etl.register_raw_data.main; print({'pyspark', 'py4j', 'pandas', 'pyarrow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
