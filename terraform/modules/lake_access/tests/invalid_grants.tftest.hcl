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

run "unknown_zone" {
  command = plan

  variables {
    reads = ["rwa:signals/"]
  }

  expect_failures = [var.reads]
}

run "table_without_contract" {
  command = plan

  variables {
    writes = ["table:observation"]
  }

  expect_failures = [var.writes]
}

run "wildcard" {
  command = plan

  variables {
    reads = ["raw:*"]
  }

  expect_failures = [var.reads]
}

run "neither_zone_nor_table" {
  command = plan

  variables {
    writes = ["signals/"]
  }

  expect_failures = [var.writes]
}
