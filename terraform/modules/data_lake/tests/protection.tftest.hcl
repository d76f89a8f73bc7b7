# No bucket is public, reachable without TLS, unversioned or unencrypted.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  force_destroy      = false
  kms_key_arn        = "arn:aws:kms:eu-central-1:123456789012:key/1"
  log_retention_days = 30
  name               = "default-dst"
}

run "every_bucket_is_protected" {
  command = plan

  assert {
    condition = length(aws_s3_bucket_public_access_block.this) == 5 && alltrue([
      for block in aws_s3_bucket_public_access_block.this :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ])
    error_message = "A bucket may become public."
  }

  assert {
    condition = alltrue([
      for policy in concat(values(aws_s3_bucket_policy.zone), [aws_s3_bucket_policy.logs]) : anytrue([
        for statement in jsondecode(policy.policy).Statement :
        statement.Effect == "Deny" && try(statement.Condition.Bool["aws:SecureTransport"] == "false", false)
      ])
    ])
    error_message = "A bucket answers requests without TLS."
  }

  assert {
    condition = alltrue([
      for versioning in aws_s3_bucket_versioning.this : versioning.versioning_configuration[0].status == "Enabled"
    ])
    error_message = "A bucket forgets what is overwritten."
  }

  assert {
    condition = alltrue(flatten([
      for encryption in aws_s3_bucket_server_side_encryption_configuration.zone : [
        for rule in encryption.rule : rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
      ]
    ]))
    error_message = "A zone is not encrypted with the deployment's key."
  }

  assert {
    condition = alltrue([
      for ownership in aws_s3_bucket_ownership_controls.this : ownership.rule[0].object_ownership == "BucketOwnerEnforced"
    ])
    error_message = "An object could belong to another account."
  }
}
