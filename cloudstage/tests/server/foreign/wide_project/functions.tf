resource "aws_lambda_layer_version" "main" {
  layer_name               = "lib"
  filename                 = var.layer_zip
  source_code_hash         = filebase64sha256(var.layer_zip)
  compatible_runtimes      = ["python3.12", "python3.13"]
  compatible_architectures = ["x86_64"]
  description              = "lib"
  license_info             = "MIT"
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/stream-f"
  retention_in_days = 30
  kms_key_id        = aws_kms_key.data.arn
}

resource "aws_lambda_function" "main" {
  function_name                  = "stream-f"
  description                    = "release ${var.release}"
  role                           = aws_iam_role.service.arn
  filename                       = var.function_zip
  source_code_hash               = filebase64sha256(var.function_zip)
  handler                        = "h.handler"
  runtime                        = "python3.12"
  architectures                  = ["x86_64"]
  memory_size                    = 128 * var.release
  timeout                        = 30
  publish                        = true
  layers                         = [aws_lambda_layer_version.main.arn]
  kms_key_arn                    = aws_kms_key.data.arn
  reserved_concurrent_executions = 5 * var.release
  environment { variables = { V = "${var.release}" } }
  dead_letter_config { target_arn = aws_sqs_queue.dead_letters.arn }
  tracing_config { mode = "Active" }
  ephemeral_storage { size = 1024 }
  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "WARN"
    log_group             = aws_cloudwatch_log_group.function.name
  }
  depends_on = [aws_iam_role_policy_attachment.service]
  snap_start { apply_on = "PublishedVersions" }
  vpc_config {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.main.id]
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "release ${var.release}"
  function_name    = aws_lambda_function.main.function_name
  function_version = aws_lambda_function.main.version
}

resource "aws_lambda_function_url" "main" {
  function_name      = aws_lambda_function.main.function_name
  authorization_type = var.release == 1 ? "NONE" : "AWS_IAM"
  invoke_mode        = "BUFFERED"
  cors {
    allow_origins = ["https://example.com"]
    allow_methods = ["GET"]
    max_age       = 60
  }
}

resource "aws_lambda_function_event_invoke_config" "main" {
  function_name                = aws_lambda_function.main.function_name
  maximum_event_age_in_seconds = 60 * var.release
  maximum_retry_attempts       = 1
  destination_config {
    on_failure { destination = aws_sqs_queue.dead_letters.arn }
    on_success { destination = aws_sns_topic.main.arn }
  }
}

resource "aws_lambda_function_event_invoke_config" "alias" {
  function_name          = aws_lambda_function.main.function_name
  qualifier              = aws_lambda_alias.live.name
  maximum_retry_attempts = 0
}

resource "aws_lambda_permission" "main" {
  statement_id   = "sns"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.main.function_name
  principal      = "sns.amazonaws.com"
  source_arn     = aws_sns_topic.main.arn
  source_account = local.account
}

resource "aws_lambda_permission" "alias" {
  statement_id  = "events"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.main.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.main.arn
}

resource "aws_lambda_event_source_mapping" "clicks" {
  event_source_arn                   = aws_kinesis_stream.clicks.arn
  function_name                      = aws_lambda_function.main.arn
  starting_position                  = "LATEST"
  batch_size                         = 50 * var.release
  maximum_batching_window_in_seconds = 5
  maximum_record_age_in_seconds      = 3600
  maximum_retry_attempts             = 2
  parallelization_factor             = 2
  bisect_batch_on_function_error     = true
  tumbling_window_in_seconds         = 30
  destination_config {
    on_failure { destination_arn = aws_sqs_queue.dead_letters.arn }
  }
  filter_criteria {
    filter { pattern = jsonencode({ data = { kind = ["click"] } }) }
  }
}

resource "aws_lambda_event_source_mapping" "changes" {
  event_source_arn        = aws_dynamodb_table.full.stream_arn
  function_name           = aws_lambda_alias.live.arn
  starting_position       = "TRIM_HORIZON"
  function_response_types = ["ReportBatchItemFailures"]
  filter_criteria {
    filter { pattern = jsonencode({ eventName = ["INSERT"] }) }
  }
}

resource "aws_cloudwatch_log_subscription_filter" "main" {
  name            = "to-lambda"
  log_group_name  = aws_cloudwatch_log_group.function.name
  filter_pattern  = "ERROR"
  destination_arn = aws_kinesis_stream.clicks.arn
  role_arn        = aws_iam_role.service.arn
}
