# A run that failed or ran out of time reaches the alarm topic.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:default-dst-alerts"
  arguments       = { stage = "dev", raw_uri = "s3://default-dst-raw-123456789012" }
  default_workers = 2
  definition      = { description = "Makes examples", reads = ["raw:signals/"], writes = ["table:observations"] }
  directory       = "make_examples"
  glue_version    = "5.1"
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
  log_retention_days = 30
  name               = "default-dst-make-examples"
  package_path       = "./main.tf"
  schedule_enabled   = true
  script_path        = "./outputs.tf"
}

run "failed_runs_are_announced" {
  command = plan

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.failed.event_pattern) == {
      source      = ["aws.glue"]
      detail-type = ["Glue Job State Change"]
      detail      = { jobName = ["default-dst-make-examples"], state = ["FAILED", "TIMEOUT"] }
    }
    error_message = "The rule does not match this job's failures, or matches more."
  }

  assert {
    condition     = aws_cloudwatch_event_target.failed.arn == var.alarm_topic_arn
    error_message = "Failures don't reach the alarm topic."
  }
}
