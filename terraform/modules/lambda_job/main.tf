resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:One step per invocation: its log has everything that a trace would show
  #checkov:skip=CKV_AWS_115:The account's limit is shared on purpose; a reserved share would be idle most of the time
  #checkov:skip=CKV_AWS_117:It reaches S3, Glue and SQS only, whose endpoints are public and need credentials
  #checkov:skip=CKV_AWS_272:The package is named by its content's hash and written by the deployment alone
  function_name    = var.name
  description      = var.definition.description
  role             = aws_iam_role.this.arn
  runtime          = "python${var.python_version}"
  architectures    = ["x86_64"]
  handler          = "etl.${var.directory}.main.handler"
  s3_bucket        = aws_s3_object.package.bucket
  s3_key           = aws_s3_object.package.key
  source_code_hash = local.package_sha256
  kms_key_arn      = var.lake.kms_key_arn
  memory_size      = var.definition.memory_mb
  timeout          = var.definition.timeout_seconds

  dead_letter_config {
    target_arn = aws_sqs_queue.dead_letters.arn
  }

  environment {
    variables = { for name, value in var.arguments : "DST_${upper(name)}" => value }
  }

  # An invocation right away must be able to log and to read.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}
