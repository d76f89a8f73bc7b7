# A job runs what was uploaded for it, under a key that is the content's hash.
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

run "keys_are_the_contents_hash" {
  command = plan

  assert {
    condition     = can(regex("^jobs/make_examples/[0-9a-f]{64}/package.zip$", aws_s3_object.package.key))
    error_message = "The package's key is not jobs/<directory>/<sha256>/package.zip."
  }

  assert {
    condition = (
      one(aws_glue_job.this.command).script_location
      == "s3://default-dst-artifacts-123456789012/${aws_s3_object.script.key}"
    )
    error_message = "The job does not run the script that was uploaded with it."
  }

  assert {
    condition = (
      aws_glue_job.this.default_arguments["--extra-py-files"]
      == "s3://default-dst-artifacts-123456789012/${aws_s3_object.package.key}"
    )
    error_message = "The job does not use the package that was uploaded with it."
  }
}

run "missing_package_is_told" {
  command = plan

  variables {
    package_path = "./not-built.zip"
  }

  expect_failures = [aws_s3_object.package]
}
