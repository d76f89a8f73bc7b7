resource "aws_cloudwatch_event_bus" "main" {
  name        = "domain"
  description = "release ${var.release}"
}

resource "aws_cloudwatch_event_archive" "main" {
  name             = "arch"
  event_source_arn = aws_cloudwatch_event_bus.main.arn
  retention_days   = 7 * var.release
  event_pattern    = jsonencode({ source = ["shop"] })
}

resource "aws_cloudwatch_event_rule" "main" {
  name           = "orders"
  description    = "release ${var.release}"
  event_bus_name = aws_cloudwatch_event_bus.main.name
  event_pattern  = jsonencode({ source = ["shop"], detail = { amount = [{ numeric = [">", var.release] }] } })
}

resource "aws_cloudwatch_event_target" "main" {
  rule           = aws_cloudwatch_event_rule.main.name
  event_bus_name = aws_cloudwatch_event_bus.main.name
  arn            = aws_lambda_alias.live.arn
  input_transformer {
    input_paths    = { id = "$.detail.id" }
    input_template = "{\"id\": <id>, \"v\": ${var.release}}"
  }
  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 2
  }
  dead_letter_config { arn = aws_sqs_queue.dead_letters.arn }
}

resource "aws_cloudwatch_event_connection" "main" {
  name               = "hook"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "x-key"
      value = "v${var.release}"
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "main" {
  name                             = "hook"
  invocation_endpoint              = "https://example.com/${var.release}"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 20
  connection_arn                   = aws_cloudwatch_event_connection.main.arn
}

resource "aws_scheduler_schedule_group" "main" { name = "etl" }

resource "aws_scheduler_schedule" "main" {
  name                         = "hourly"
  group_name                   = aws_scheduler_schedule_group.main.name
  description                  = "release ${var.release}"
  schedule_expression          = "rate(${var.release} hours)"
  schedule_expression_timezone = "Europe/Zurich"
  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 5
  }
  target {
    arn      = aws_lambda_function.main.arn
    role_arn = aws_iam_role.service.arn
    input    = jsonencode({ v = var.release })
    dead_letter_config { arn = aws_sqs_queue.dead_letters.arn }
    retry_policy {
      maximum_event_age_in_seconds = 600
      maximum_retry_attempts       = 3
    }
  }
}

resource "aws_pipes_pipe" "main" {
  name        = "pipe"
  description = "release ${var.release}"
  role_arn    = aws_iam_role.service.arn
  source      = aws_sqs_queue.work.arn
  target      = aws_kinesis_stream.clicks.arn
  source_parameters {
    sqs_queue_parameters { batch_size = 5 }
    filter_criteria {
      filter { pattern = jsonencode({ body = { a = [var.release] } }) }
    }
  }
  target_parameters {
    kinesis_stream_parameters { partition_key = "a" }
  }
}
