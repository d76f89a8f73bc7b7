locals {
  # Glue writes a run's own output to <prefix>/output and Spark's messages to <prefix>/error.
  log_prefix = "/aws-glue/jobs/${var.name}"
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["error", "output"])

  name              = "${local.log_prefix}/${each.key}"
  kms_key_id        = var.lake.kms_key_arn
  retention_in_days = var.log_retention_days
}
