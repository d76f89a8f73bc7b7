# A bucket is never public, reachable without TLS, unversioned or unencrypted.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  force_destroy = false
  kms_key_arn   = "arn:aws:kms:eu-central-1:123456789012:key/1"
  name          = "default-dst-raw-123456789012"
}

run "private_versioned_and_encrypted" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy
      && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    )
    error_message = "The bucket may become public."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Effect
      if try(statement.Condition.Bool["aws:SecureTransport"] == "false", false)
    ] == ["Deny"]
    error_message = "The bucket answers requests without TLS."
  }

  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration).status == "Enabled"
    error_message = "The bucket forgets what is overwritten."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule :
      rule.bucket_key_enabled && one(rule.apply_server_side_encryption_by_default).kms_master_key_id == var.kms_key_arn
    ])
    error_message = "The bucket is not encrypted with the key it was given."
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.this.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "An object could belong to another account."
  }

  assert {
    condition     = !aws_s3_bucket.this.force_destroy
    error_message = "What must be kept could be destroyed with its bucket."
  }
}

run "without_a_key_s3_encrypts" {
  command = plan

  variables {
    kms_key_arn = null
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule :
      one(rule.apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    ])
    error_message = "A bucket without a key is not encrypted."
  }
}

run "protected_data_can_not_be_removed" {
  command = plan

  variables {
    outlived_by = ["arn:aws:kms:eu-central-1:123456789012:key/1"]
    protected   = true
  }

  assert {
    condition = [
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Effect
      if try(contains(statement.Action, "s3:DeleteBucket") && contains(statement.Action, "s3:DeleteObjectVersion"), false)
    ] == ["Deny"]
    error_message = "Somebody may remove protected data."
  }
}
