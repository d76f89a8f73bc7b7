# What Lambda would refuse halfway through an apply is refused before.
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

run "longer_than_lambda_runs" {
  command = plan

  variables {
    definition = { description = "Makes examples", reads = [], writes = [], timeout_seconds = 901 }
  }

  expect_failures = [var.definition]
}

run "schedule_that_is_none" {
  command = plan

  variables {
    definition = { description = "Makes examples", reads = [], writes = [], schedule = "daily" }
  }

  expect_failures = [var.definition]
}
