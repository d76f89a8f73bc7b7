# Whatever arrives in the raw zone is announced to a topic that nobody but the raw bucket may publish to.
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

run "raw_objects_are_announced" {
  command = plan

  assert {
    condition     = one(aws_s3_bucket_notification.raw.topic).events == toset(["s3:ObjectCreated:*"])
    error_message = "New objects are not announced."
  }

  assert {
    condition     = aws_sns_topic.raw_objects.kms_master_key_id == var.kms_key_arn
    error_message = "Announcements are not encrypted with the deployment's key."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_sns_topic_policy.raw_objects.policy).Statement :
      statement.Principal == { Service = "s3.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    ])
    error_message = "Others than this account's bucket may publish."
  }
}
