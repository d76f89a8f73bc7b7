module "access" {
  source = "../lake_access"

  lake   = var.lake
  reads  = var.definition.reads
  writes = var.definition.writes
}

data "aws_partition" "current" {}

resource "aws_iam_role" "this" {
  name        = var.name
  description = "What the Glue job ${var.name} may do"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "glue.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name   = "job"
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(module.access.statements, local.own_statements) })
}

locals {
  artifacts_arn = "arn:${data.aws_partition.current.partition}:s3:::${local.artifacts}"

  own_statements = [
    {
      Sid      = "ReadOwnCode"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = ["${local.artifacts_arn}/jobs/${var.directory}/*"]
    },
    {
      Sid      = "UseKeyForOwnCode"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = [var.lake.kms_key_arn]
    },
    {
      # Glue asks for its log groups to be created before each run, even where they exist.
      Sid      = "WriteOwnLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = flatten([for group in aws_cloudwatch_log_group.this : [group.arn, "${group.arn}:log-stream:*"]])
    },
    {
      # CloudWatch knows no resources for metrics; the namespace is the boundary.
      Sid       = "WriteMetrics"
      Effect    = "Allow"
      Action    = ["cloudwatch:PutMetricData"]
      Resource  = ["*"]
      Condition = { StringEquals = { "cloudwatch:namespace" = "Glue" } }
    },
  ]
}
