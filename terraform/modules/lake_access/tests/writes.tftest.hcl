# What a job writes it may read back; what it only reads it may not write.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  lake = {
    buckets     = { raw = "default-dst-raw-123456789012", curated = "default-dst-curated-123456789012" }
    database    = "default_dst"
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
    tables      = { observations = "curated", raw_files = "curated" }
  }
  reads  = ["raw:signals/"]
  writes = ["table:observations"]
}

run "writes_its_table_and_nothing_else" {
  command = plan

  assert {
    condition = toset(one([for s in output.statements : s.Resource if s.Sid == "WriteObjects"])) == toset([
      "arn:aws:s3:::default-dst-curated-123456789012/observations/*",
    ])
    error_message = "Objects other than those of the table observations may be written."
  }

  assert {
    condition = contains(
      one([for s in output.statements : s.Resource if s.Sid == "ReadObjects"]),
      "arn:aws:s3:::default-dst-curated-123456789012/observations/*",
    )
    error_message = "The job can't read the table that it writes."
  }

  assert {
    condition = contains(
      one([for s in output.statements : s.Resource if s.Sid == "WriteTables"]),
      "arn:aws:glue:eu-central-1:123456789012:table/default_dst/observations",
    )
    error_message = "The job can't commit to the table that it writes."
  }

  assert {
    condition     = !contains(flatten(output.statements[*].Action), "glue:DeleteTable")
    error_message = "A job may drop a table."
  }

  assert {
    condition     = !contains(flatten(output.statements[*].Resource), "*")
    error_message = "A statement holds for every resource."
  }
}
