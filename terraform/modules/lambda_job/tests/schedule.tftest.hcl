# A schedule starts the function where schedules run, and keeps still elsewhere.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:default-dst-alerts"
  arguments       = { stage = "dev", target_data_uri = "s3://default-dst-curated-123456789012/observations/" }
  definition      = { description = "Makes examples", reads = ["raw:signals/"], writes = ["table:observations"], schedule = "rate(1 hour)" }
  directory       = "make_examples"
  lake = {
    buckets = {
      artifacts = "default-dst-artifacts-123456789012"
      curated   = "default-dst-curated-123456789012"
      raw       = "default-dst-raw-123456789012"
    }
    database    = "default_dst"
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
    tables      = { observations = "curated" }
  }
  log_retention_days    = 30
  name                  = "default-dst-make-examples"
  package_path          = "./main.tf"
  python_version        = "3.12"
  raw_objects_topic_arn = "arn:aws:sns:eu-central-1:123456789012:default-dst-raw-objects"
  schedule_enabled      = true
}

run "starts_the_function" {
  command = plan

  assert {
    condition = (
      aws_cloudwatch_event_rule.schedule[0].schedule_expression == "rate(1 hour)"
      && aws_cloudwatch_event_rule.schedule[0].state == "ENABLED"
    )
    error_message = "The function is not started on schedule."
  }

  assert {
    condition     = aws_lambda_permission.schedule[0].principal == "events.amazonaws.com"
    error_message = "The schedule may not start the function."
  }
}

run "keeps_still_in_a_feature_workspace" {
  command = plan

  variables {
    schedule_enabled = false
  }

  assert {
    condition     = aws_cloudwatch_event_rule.schedule[0].state == "DISABLED"
    error_message = "A feature workspace starts jobs by itself."
  }
}
