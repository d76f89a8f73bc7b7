# One encrypted topic, to which only CloudWatch and EventBridge publish.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
  name        = "default-dst"
}

run "encrypted_and_closed" {
  command = plan

  assert {
    condition = (
      aws_sns_topic.this.name == "default-dst-alerts"
      && aws_sns_topic.this.kms_master_key_id == var.kms_key_arn
    )
    error_message = "The topic is not named after the deployment, or not encrypted with its key."
  }

  assert {
    condition = toset([
      for statement in jsondecode(aws_sns_topic_policy.this.policy).Statement : statement.Principal.Service
    ]) == toset(["cloudwatch.amazonaws.com", "events.amazonaws.com"])
    error_message = "Others than CloudWatch and EventBridge may publish."
  }
}
