resource "aws_athena_workgroup" "this" {
  name          = var.name
  description   = "Queries of ${var.name}; what a query costs and where its result goes is set here, not by the client"
  force_destroy = var.force_destroy

  configuration {
    bytes_scanned_cutoff_per_query     = var.bytes_scanned_limit
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location = "s3://${var.results_bucket}/athena/"

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = var.kms_key_arn
      }
    }
  }
}
