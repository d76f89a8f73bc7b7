data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.name

  glue_arn       = "arn:${local.partition}:glue:${local.region}:${local.account_id}"
  raw_bucket_arn = "arn:${local.partition}:s3:::${var.buckets["raw"]}"
  # One log group for all crawlers of an account, which Glue makes by itself; a stream is called like its crawler.
  crawler_logs_arn = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:/aws-glue/crawlers"

  crawler_statements = [
    {
      Sid      = "ReadRaw"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = ["${local.raw_bucket_arn}/*"]
    },
    {
      Sid      = "ListRaw"
      Effect   = "Allow"
      Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
      Resource = [local.raw_bucket_arn]
    },
    {
      Sid      = "ReadEncrypted"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = [var.kms_key_arn]
    },
    {
      Sid    = "DescribeInOwnTables"
      Effect = "Allow"
      Action = [
        "glue:BatchCreatePartition", "glue:BatchGetPartition", "glue:CreatePartition", "glue:CreateTable",
        "glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables",
        "glue:UpdatePartition", "glue:UpdateTable",
      ]
      Resource = [
        "${local.glue_arn}:catalog",
        "${local.glue_arn}:database/${var.database}",
        "${local.glue_arn}:table/${var.database}/${local.crawled_prefix}*",
      ]
    },
    {
      Sid      = "CreateSharedLogGroup"
      Effect   = "Allow"
      Action   = ["logs:CreateLogGroup"]
      Resource = ["${local.crawler_logs_arn}:*"]
    },
    {
      Sid      = "WriteOwnLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${local.crawler_logs_arn}:log-stream:${var.name}-raw"]
    },
  ]
}
