# The crawler describes the raw zone and can't touch what it did not describe itself.
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

  contracts = {}
}

run "reads_raw_and_writes_its_own_tables" {
  command = plan

  assert {
    condition     = one(aws_glue_crawler.raw.s3_target).path == "s3://default-dst-raw-123456789012/"
    error_message = "The crawler looks elsewhere than at the raw zone."
  }

  assert {
    condition = [
      for resource in flatten([
        for s in jsondecode(aws_iam_role_policy.crawler.policy).Statement : s.Resource if s.Sid == "DescribeInOwnTables"
      ]) : resource if strcontains(resource, ":table/")
    ] == ["arn:aws:glue:eu-central-1:123456789012:table/default_dst/crawled_*"]
    error_message = "The crawler may change tables which are not its own."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.crawler.policy).Statement :
      !anytrue([for action in statement.Action : can(regex("^s3:(Put|Delete|\\*)", action))]) && !contains(statement.Resource, "*")
    ])
    error_message = "The crawler may write objects, or use any resource."
  }
}
