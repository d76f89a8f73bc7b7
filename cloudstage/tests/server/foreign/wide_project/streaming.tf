resource "aws_kinesis_stream" "clicks" {
  name                = "clicks"
  shard_count         = 1
  retention_period    = 24 * (var.release + 1)
  shard_level_metrics = var.release == 1 ? ["IncomingBytes"] : ["IncomingBytes", "OutgoingBytes"]
  encryption_type     = "KMS"
  kms_key_id          = aws_kms_key.data.arn
}

resource "aws_kinesis_stream_consumer" "main" {
  name       = "fan-out"
  stream_arn = aws_kinesis_stream.clicks.arn
}

resource "aws_kinesis_firehose_delivery_stream" "direct" {
  name        = "direct"
  destination = "extended_s3"
  server_side_encryption {
    enabled = true
  }
  extended_s3_configuration {
    role_arn           = aws_iam_role.service.arn
    bucket_arn         = aws_s3_bucket.logs.arn
    buffering_interval = 60 * var.release
    compression_format = "GZIP"
    s3_backup_mode     = "Enabled"
    s3_backup_configuration {
      role_arn   = aws_iam_role.service.arn
      bucket_arn = aws_s3_bucket.logs.arn
      prefix     = "backup/"
    }
  }
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "stream-dlq"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "work" {
  name                              = "stream-q"
  visibility_timeout_seconds        = 60
  delay_seconds                     = 1
  receive_wait_time_seconds         = 10
  max_message_size                  = 2048
  kms_master_key_id                 = aws_kms_key.data.id
  kms_data_key_reuse_period_seconds = 300
}

resource "aws_sns_topic" "main" {
  name                             = "stream-t"
  display_name                     = "v${var.release}"
  kms_master_key_id                = "alias/aws/sns"
  tracing_config                   = "Active"
  delivery_policy                  = jsonencode({ http = { defaultHealthyRetryPolicy = { minDelayTarget = 20, maxDelayTarget = 20, numRetries = 3, numMaxDelayRetries = 0, numNoDelayRetries = 0, numMinDelayRetries = 0, backoffFunction = "linear" }, disableSubscriptionOverrides = false } })
  lambda_failure_feedback_role_arn = aws_iam_role.service.arn
  sqs_success_feedback_sample_rate = 50
}

resource "aws_sns_topic" "fifo" {
  name                        = "orders.fifo"
  fifo_topic                  = true
  content_based_deduplication = true
  fifo_throughput_scope       = "MessageGroup"
  archive_policy              = jsonencode({ MessageRetentionPeriod = "30" })
}

resource "aws_sns_topic_policy" "main" {
  arn    = aws_sns_topic.main.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "s", Effect = "Allow", Principal = { Service = "s3.amazonaws.com" }, Action = "sns:Publish", Resource = aws_sns_topic.main.arn, Condition = { StringEquals = { "aws:SourceAccount" = local.account } } }] })
}

resource "aws_sns_topic_subscription" "main" {
  topic_arn            = aws_sns_topic.main.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.work.arn
  raw_message_delivery = true
  filter_policy_scope  = "MessageBody"
  filter_policy        = jsonencode({ kind = ["v${var.release}"] })
  redrive_policy       = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters.arn })
}
