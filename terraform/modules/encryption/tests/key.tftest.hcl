# One key per deployment: rotated, found by an alias, recoverable for a while after its deletion.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  name = "default-dst"
}

run "rotated_and_named" {
  command = plan

  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "The key is not rotated."
  }

  assert {
    condition     = aws_kms_alias.this.name == "alias/default-dst"
    error_message = "The alias does not carry the deployment's name."
  }

  assert {
    condition     = aws_kms_key.this.deletion_window_in_days == 30
    error_message = "Unless told otherwise, a deleted key must stay recoverable as long as KMS allows."
  }
}

run "refuses_a_window_that_kms_does_not_know" {
  command = plan

  variables {
    deletion_window_in_days = 1
  }

  expect_failures = [var.deletion_window_in_days]
}
