# Besides what it reads and writes, a job reaches its own code, scratch and logs.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:default-dst-alerts"
  arguments       = { stage = "dev", raw_uri = "s3://default-dst-raw-123456789012" }
  default_workers = 2
  definition      = { description = "Makes examples", reads = ["raw:signals/"], writes = ["table:observations"] }
  directory       = "make_examples"
  glue_version    = "5.1"
  lake = {
    buckets = {
      artifacts = "default-dst-artifacts-123456789012"
      curated   = "default-dst-curated-123456789012"
      raw       = "default-dst-raw-123456789012"
    }
    database    = "default_dst"
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
    tables      = { observations = "curated" }
  }
  log_retention_days = 30
  name               = "default-dst-make-examples"
  package_path       = "./main.tf"
  schedule_enabled   = true
  script_path        = "./outputs.tf"
}

run "own_code_scratch_and_logs_only" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : alltrue([
        for resource in statement.Resource : can(regex("/(jobs|tmp)/make_examples/", resource)) || !can(regex("artifacts.*/", resource))
      ])
    ])
    error_message = "The job reaches other jobs' code or scratch."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid if contains(statement.Resource, "*")
    ] == ["WriteMetrics"]
    error_message = "A statement other than the one about metrics, which has a condition, holds for every resource."
  }

  assert {
    condition = alltrue([
      for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.lake.kms_key_arn && group.retention_in_days == 30
    ])
    error_message = "Logs are not encrypted, or kept too long."
  }
}
