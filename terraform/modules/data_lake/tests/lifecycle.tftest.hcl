# What is replaced stays recoverable for a while; what can be made again goes by itself.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  force_destroy      = false
  kms_key_arn        = "arn:aws:kms:eu-central-1:123456789012:key/1"
  log_retention_days = 30
  name               = "default-dst"
}

run "zones_forget_slowly_and_scratch_quickly" {
  command = plan

  assert {
    condition = alltrue([
      for zone in ["curated", "quarantine", "raw"] :
      alltrue([for rule in aws_s3_bucket_lifecycle_configuration.zone[zone].rule : length(rule.expiration) == 0])
    ])
    error_message = "Current data of a zone would expire."
  }

  assert {
    condition = toset([
      for rule in aws_s3_bucket_lifecycle_configuration.zone["artifacts"].rule : rule.filter[0].prefix if length(rule.expiration) > 0
    ]) == toset(["athena/", "tmp/"])
    error_message = "Of the artifacts, exactly query results and scratch files expire."
  }

  assert {
    condition = alltrue([
      for lifecycle in aws_s3_bucket_lifecycle_configuration.zone :
      anytrue([for rule in lifecycle.rule : try(rule.noncurrent_version_expiration[0].noncurrent_days == 30, false)])
    ])
    error_message = "Replaced versions are kept forever, or not long enough."
  }
}
