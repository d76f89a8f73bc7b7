# AWS services use the key for this account only, and log groups only for what they encrypt themselves.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  name = "default-dst"
}

run "services_are_held_to_this_account" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement :
      can(statement.Condition) if statement.Principal != { Service = "events.amazonaws.com" } && can(statement.Principal.Service)
    ])
    error_message = "A service other than EventBridge may use the key on behalf of any account."
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement :
      statement.Condition.ArnLike["kms:EncryptionContext:aws:logs:arn"] == "arn:aws:logs:eu-central-1:123456789012:log-group:*"
      if try(statement.Principal.Service == "logs.eu-central-1.amazonaws.com", false)
    ])
    error_message = "Log groups of the account can't use the key, or others can."
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement :
      statement.Principal == { AWS = "arn:aws:iam::123456789012:root" } && statement.Action == "kms:*"
    ])
    error_message = "Without the account's own statement nobody could manage the key."
  }
}


run "protected_key_can_not_be_removed" {
  command = plan

  variables {
    protected = true
  }

  assert {
    condition = [
      for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Effect
      if try(contains(statement.Action, "kms:ScheduleKeyDeletion") && contains(statement.Action, "kms:DisableKey"), false)
    ] == ["Deny"]
    error_message = "Somebody may remove the key of protected data."
  }
}
