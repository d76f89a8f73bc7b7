# Four zones, named after the deployment and the account.
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

run "buckets_are_named_by_zone_and_account" {
  command = plan

  assert {
    condition = output.buckets == {
      artifacts  = "default-dst-artifacts-123456789012"
      curated    = "default-dst-curated-123456789012"
      quarantine = "default-dst-quarantine-123456789012"
      raw        = "default-dst-raw-123456789012"
    }
    error_message = "The zones' buckets are not named <name>-<zone>-<account id>."
  }

  assert {
    condition     = [for zone, days in local.expiration_days : zone if length(days) > 0] == ["artifacts"]
    error_message = "Current data of a zone would expire."
  }
}

run "longest_name_fits" {
  command = plan

  variables {
    name = "we-1234-a-rather-lo-5aff-abcdefghijklmn"
  }

  assert {
    condition     = alltrue([for bucket in values(output.buckets) : length(bucket) <= 63])
    error_message = "A bucket's name is longer than S3 allows."
  }
}

run "longer_name_is_refused" {
  command = plan

  variables {
    name = "we-1234-a-rather-lo-5aff-abcdefghijklmno"
  }

  expect_failures = [var.name]
}
