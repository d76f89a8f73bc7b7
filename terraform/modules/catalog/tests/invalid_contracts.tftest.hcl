# A contract that does not say where its table lies, or in which format, is refused.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  buckets = {
    curated    = "default-dst-curated-123456789012"
    quarantine = "default-dst-quarantine-123456789012"
    raw        = "default-dst-raw-123456789012"
  }
  database    = "default_dst"
  kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
  name        = "default-dst"
}

run "without_zone" {
  command = plan

  variables {
    contracts = { observations = { customProperties = [{ property = "format", value = "iceberg" }] } }
  }

  expect_failures = [var.contracts]
}

run "unknown_format" {
  command = plan

  variables {
    contracts = {
      observations = { customProperties = [{ property = "zone", value = "curated" }, { property = "format", value = "csv" }] }
    }
  }

  expect_failures = [var.contracts]
}
