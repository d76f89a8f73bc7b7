locals {
  logs_name = "${var.name}-logs-${local.account_id}"
}

# Without a key: S3 delivers access logs only to buckets which it encrypts by itself.
module "logs" {
  source = "../bucket"

  expiration_days         = { for zone in keys(local.expiration_days) : "${zone}/" => var.log_retention_days }
  force_destroy           = var.force_destroy
  name                    = local.logs_name
  noncurrent_version_days = 1
  policy_statements = [{
    Sid       = "DeliverAccessLogs"
    Effect    = "Allow"
    Principal = { Service = "logging.s3.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "${local.arn_prefix}${local.logs_name}/*"
    Condition = {
      ArnLike      = { "aws:SourceArn" = [for bucket in local.buckets : "${local.arn_prefix}${bucket}"] }
      StringEquals = { "aws:SourceAccount" = local.account_id }
    }
  }]
}

resource "aws_s3_bucket_logging" "zone" {
  for_each = local.buckets

  bucket = each.value
  # S3 tests whether it may deliver at the moment logging is switched on: the policy's id is the bucket's name.
  target_bucket = module.logs.policy_id
  target_prefix = "${each.key}/"
}
