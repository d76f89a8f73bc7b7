resource "aws_athena_workgroup" "main" {
  name          = "analysts"
  description   = "release ${var.release}"
  force_destroy = true
  configuration {
    bytes_scanned_cutoff_per_query     = 10485760 * var.release
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    requester_pays_enabled             = false
    engine_version { selected_engine_version = "Athena engine version 3" }
    result_configuration {
      output_location = "s3://${aws_s3_bucket.zone["results"].id}/a/"
      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = aws_kms_key.data.arn
      }
      acl_configuration { s3_acl_option = "BUCKET_OWNER_FULL_CONTROL" }
    }
  }
}

resource "aws_athena_workgroup" "plain" {
  name  = "plain"
  state = var.release == 1 ? "ENABLED" : "DISABLED"
}

resource "aws_athena_named_query" "main" {
  name      = "q"
  workgroup = aws_athena_workgroup.main.id
  database  = aws_glue_catalog_database.main["raw"].name
  query     = "SELECT ${var.release}"
}

resource "aws_athena_prepared_statement" "main" {
  name            = "by_id"
  workgroup       = aws_athena_workgroup.main.name
  query_statement = "SELECT ? + ${var.release}"
}

resource "aws_athena_data_catalog" "main" {
  name        = "other"
  description = "release ${var.release}"
  type        = "GLUE"
  parameters  = { "catalog-id" = "210987654321" }
}
