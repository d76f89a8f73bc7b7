# A grant that can't be meant is refused before anything is planned.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  lake = {
    buckets     = { raw = "default-dst-raw-123456789012" }
    database    = "default_dst"
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
    tables      = { observations = "curated" }
  }
  reads  = []
  writes = []
}

run "what_does_not_exist" {
  command = plan

  variables {
    reads  = ["rwa:signals/"]
    writes = ["table:observation"]
  }

  expect_failures = [var.reads, var.writes]
}

run "what_is_no_grant" {
  command = plan

  variables {
    reads  = ["raw:*"]
    writes = ["signals/"]
  }

  expect_failures = [var.reads, var.writes]
}
