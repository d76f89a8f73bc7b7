resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  kms_key_id        = var.lake.kms_key_arn
  retention_in_days = var.log_retention_days
}
