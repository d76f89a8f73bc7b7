"""Where moto differs from AWS so that Terraform or a job would notice: each gap closed by one named adapter.

An adapter changes moto's classes for the whole process. Each has a test that fails as soon as stock moto
behaves like AWS by itself: then the adapter is deleted.
"""

from ops.local.adapters import athena, glue_catalog, glue_jobs, lambda_functions, s3, s3_events, sqs
from ops.local.adapters.registry import install

__all__ = ["athena", "glue_catalog", "glue_jobs", "install", "lambda_functions", "s3", "s3_events", "sqs"]
