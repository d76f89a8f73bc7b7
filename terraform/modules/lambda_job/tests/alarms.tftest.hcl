# A failed invocation and a message that was given up reach the alarm topic.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:default-dst-alerts"
  arguments       = { stage = "dev", target_data_uri = "s3://default-dst-curated-123456789012/observations/" }
  definition      = { description = "Makes examples", reads = ["raw:signals/"], writes = ["table:observations"] }
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

run "failures_are_announced" {
  command = plan

  assert {
    condition = alltrue([
      for alarm in [aws_cloudwatch_metric_alarm.errors, aws_cloudwatch_metric_alarm.dead_letters] :
      alarm.alarm_actions == toset([var.alarm_topic_arn]) && alarm.threshold == 0 && alarm.treat_missing_data == "notBreaching"
    ])
    error_message = "Failures don't reach the alarm topic at once, or silence counts as a failure."
  }
}
