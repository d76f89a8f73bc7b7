# What is replaced stays recoverable for a while; current objects go only where somebody said so.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  force_destroy = false
  kms_key_arn   = "arn:aws:kms:eu-central-1:123456789012:key/1"
  name          = "default-dst-raw-123456789012"
}

run "nothing_current_expires_by_itself" {
  command = plan

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_lifecycle_configuration.this.rule : length(rule.expiration) == 0])
    error_message = "Current objects would expire."
  }

  assert {
    condition = one([
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : one(rule.noncurrent_version_expiration).noncurrent_days
    ]) == 30
    error_message = "Replaced versions are kept forever, or not long enough."
  }
}

run "scratch_expires" {
  command = plan

  variables {
    expiration_days = { "tmp/" = 7 }
  }

  assert {
    condition = {
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : one(rule.filter).prefix => one(rule.expiration).days
      if length(rule.expiration) > 0
    } == { "tmp/" = 7 }
    error_message = "Objects below tmp/ don't expire after 7 days, or others do."
  }
}

run "everything_must_not_expire" {
  command = plan

  variables {
    expiration_days = { "" = 7 }
    name            = "No_Bucket"
  }

  expect_failures = [var.expiration_days, var.name]
}
