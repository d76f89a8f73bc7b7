# What Glue would refuse halfway through an apply is refused before.
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

run "one_worker_and_too_long_a_name" {
  command = plan

  variables {
    definition = { description = "Makes examples", reads = [], writes = [], workers = 1 }
    name       = "a123456789-123456789-123456789-123456789-123456789-1234567"
  }

  expect_failures = [var.definition, var.name]
}

run "rate_which_glue_does_not_know" {
  command = plan

  variables {
    definition = { description = "Makes examples", reads = [], writes = [], schedule = "rate(1 day)" }
  }

  expect_failures = [var.definition]
}
