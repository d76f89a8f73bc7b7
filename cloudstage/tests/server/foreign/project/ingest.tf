resource "aws_sqs_queue" "failed" {
  name                      = "shop-orders-failed"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "arrived" {
  name                       = "shop-orders-arrived"
  visibility_timeout_seconds = 5
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
    maxReceiveCount     = 2
  })
}

data "aws_iam_policy_document" "arrived" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.arrived.arn]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_s3_bucket.shop.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "arrived" {
  queue_url = aws_sqs_queue.arrived.id
  policy    = data.aws_iam_policy_document.arrived.json
}

resource "aws_s3_bucket_notification" "arrived" {
  bucket = aws_s3_bucket.shop.id
  queue {
    queue_arn     = aws_sqs_queue.arrived.arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "incoming/"
    filter_suffix = ".csv"
  }
  depends_on = [aws_sqs_queue_policy.arrived]
}

resource "aws_dynamodb_table" "orders" {
  name         = "shop-orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

data "aws_iam_policy_document" "lambda_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "worker" {
  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.arrived.arn]
  }
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.shop.arn}/incoming/*"]
  }
  statement {
    actions   = ["dynamodb:PutItem"]
    resources = [aws_dynamodb_table.orders.arn]
  }
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.worker.arn}:*"]
  }
}

resource "aws_iam_role" "worker" {
  name               = "shop-worker"
  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json
}

resource "aws_iam_role_policy" "worker" {
  role   = aws_iam_role.worker.id
  policy = data.aws_iam_policy_document.worker.json
}

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/aws/lambda/shop-worker"
  retention_in_days = 7
}

resource "aws_lambda_function" "worker" {
  function_name    = "shop-worker"
  role             = aws_iam_role.worker.arn
  filename         = var.worker_zip
  source_code_hash = filebase64sha256(var.worker_zip)
  handler          = "worker.handler"
  runtime          = "python3.12"
  timeout          = 5
  environment {
    variables = {
      TABLE = aws_dynamodb_table.orders.name
    }
  }
  depends_on = [aws_iam_role_policy.worker, aws_cloudwatch_log_group.worker]
}

resource "aws_lambda_event_source_mapping" "arrived" {
  event_source_arn        = aws_sqs_queue.arrived.arn
  function_name           = aws_lambda_function.worker.arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]
}

resource "aws_sns_topic" "trouble" {
  name = "shop-trouble"
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  alarm_name          = "shop-orders-failed"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.failed.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  alarm_actions       = [aws_sns_topic.trouble.arn]
}
