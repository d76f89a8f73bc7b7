"""Records to rows of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyspark.sql import functions

from dst.run import Run

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class Transformed(NamedTuple):
    """Rows for the tables `observations` and `observations_quarantine`, with their contracts' columns."""

    observations: DataFrame
    quarantine: DataFrame


def transform_data(records: DataFrame, run: Run) -> Transformed:
    """Part the usable records from the rejected ones, and add what the tables hold besides.

    Args:
        records: with the columns of `records.SPARK_SCHEMA`.
        run: which reads them.
    """
    usable = records.where(functions.col("reason_code").isNull())
    rejected = records.where(functions.col("reason_code").isNotNull())
    began_at = functions.lit(run.began_at).cast("timestamp_ntz")
    run_id = functions.lit(run.run_id)
    return Transformed(
        observations=usable.drop("reason_code", "reason", "raw_line", "column_name").withColumns(
            {
                "run_id": run_id,
                "ingested_at": began_at,
                "observed_year": functions.year("observed_at"),
                "observed_month": functions.month("observed_at"),
            }
        ),
        quarantine=rejected.drop("observed_at", "value", "unit").withColumns(
            {"run_id": run_id, "quarantined_at": began_at}
        ),
    )
