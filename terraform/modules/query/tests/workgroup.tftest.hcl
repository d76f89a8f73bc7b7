# Where results go and what a query may cost is the workgroup's to say, not the client's.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  force_destroy  = false
  kms_key_arn    = "arn:aws:kms:eu-central-1:123456789012:key/1"
  name           = "default-dst"
  results_bucket = "default-dst-artifacts-123456789012"
}

run "enforced_and_encrypted" {
  command = plan

  assert {
    condition     = one(aws_athena_workgroup.this.configuration).enforce_workgroup_configuration
    error_message = "A client can choose another place or key for its results."
  }

  assert {
    condition = (
      one(one(aws_athena_workgroup.this.configuration).result_configuration).output_location
      == "s3://default-dst-artifacts-123456789012/athena/"
    )
    error_message = "Results are not written to the artifacts zone."
  }

  assert {
    condition = (
      one(one(one(aws_athena_workgroup.this.configuration).result_configuration).encryption_configuration).kms_key_arn
      == var.kms_key_arn
    )
    error_message = "Results are not encrypted with the deployment's key."
  }
}

run "limit_below_athenas_minimum" {
  command = plan

  variables {
    bytes_scanned_limit = 1
  }

  expect_failures = [var.bytes_scanned_limit]
}
