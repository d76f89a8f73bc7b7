# A job that only reads gets no right to change anything, and nothing beyond what it named.
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
  reads  = ["raw:signals/", "table:observations"]
  writes = []
}

run "reads_what_it_named_and_changes_nothing" {
  command = plan

  assert {
    condition = toset(one([for s in output.statements : s.Resource if s.Sid == "ReadObjects"])) == toset([
      "arn:aws:s3:::default-dst-curated-123456789012/observations/*",
      "arn:aws:s3:::default-dst-raw-123456789012/signals/*",
    ])
    error_message = "Objects other than those below raw:signals/ and of the table observations may be read."
  }

  assert {
    condition = toset(one([for s in output.statements : s.Resource if s.Sid == "ReadTables"])) == toset([
      "arn:aws:glue:eu-central-1:123456789012:catalog",
      "arn:aws:glue:eu-central-1:123456789012:database/default_dst",
      "arn:aws:glue:eu-central-1:123456789012:table/default_dst/observations",
    ])
    error_message = "Tables other than observations may be read."
  }

  assert {
    condition = alltrue([
      for action in flatten(output.statements[*].Action) : !can(regex(":(Abort|Batch|Create|Delete|Generate|Put|Update)", action))
    ])
    error_message = "A job without writes may change something."
  }
}
