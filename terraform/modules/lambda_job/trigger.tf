# Objects arrive in the raw zone → the topic that announces them → this job's queue → the function.
locals {
  trigger = one(var.definition.trigger[*].raw_objects)
  # What can be indexed by count: there is a queue for objects, or there is none.
  triggers = local.trigger == null ? [] : [local.trigger]
}

resource "aws_sqs_queue" "raw_objects" {
  count = length(local.triggers)

  name                    = "${var.name}-raw-objects"
  sqs_managed_sse_enabled = true
  # Six times the function's timeout, as Lambda recommends: a batch in work must not come back meanwhile.
  visibility_timeout_seconds = 6 * var.definition.timeout_seconds
}

# Both policies apart from the queue, so that no queue waits for what they name: each takes half a minute.
resource "aws_sqs_queue_policy" "raw_objects" {
  count = length(local.triggers)

  queue_url = aws_sqs_queue.raw_objects[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RawObjects"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.raw_objects[0].arn
      Condition = { ArnEquals = { "aws:SourceArn" = var.raw_objects_topic_arn } }
    }]
  })
}

resource "aws_sqs_queue_redrive_policy" "raw_objects" {
  count = length(local.triggers)

  queue_url = aws_sqs_queue.raw_objects[0].id
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = local.trigger.max_receive_count
  })
}

resource "aws_sns_topic_subscription" "raw_objects" {
  count = length(local.triggers)

  topic_arn            = var.raw_objects_topic_arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.raw_objects[0].arn
  raw_message_delivery = true
  filter_policy_scope  = "MessageBody"
  # S3 announces keys in URL encoding, all but the slashes.
  filter_policy = jsonencode({
    Records = { s3 = { object = { key = [{ prefix = replace(urlencode(local.trigger.prefix), "%2F", "/") }] } } }
  })
}

resource "aws_lambda_event_source_mapping" "raw_objects" {
  count = length(local.triggers)

  event_source_arn        = aws_sqs_queue.raw_objects[0].arn
  function_name           = aws_lambda_function.this.arn
  batch_size              = local.trigger.batch_size
  function_response_types = ["ReportBatchItemFailures"]
}
