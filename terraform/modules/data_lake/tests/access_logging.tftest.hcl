# Every zone's accesses are logged, each below its own prefix.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  database           = "default_dst"
  force_destroy      = false
  kms_key_arn        = "arn:aws:kms:eu-central-1:123456789012:key/1"
  log_retention_days = 30
  name               = "default-dst"
}

run "every_zone_logs_into_the_logs_bucket" {
  command = plan

  assert {
    condition     = toset(keys(aws_s3_bucket_logging.zone)) == toset(["artifacts", "curated", "quarantine", "raw"])
    error_message = "A zone's accesses are not logged."
  }

  assert {
    condition     = alltrue([for zone, logging in aws_s3_bucket_logging.zone : logging.target_prefix == "${zone}/"])
    error_message = "Logs of different zones get mixed up."
  }
}
