resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18:Logging needs a second bucket; the module that makes both connects them (data_lake does)
  #checkov:skip=CKV_AWS_144:One region by decision; replaced and deleted versions can be brought back
  #checkov:skip=CKV_AWS_145:Without a key given, S3 encrypts by itself, as access logs demand
  #checkov:skip=CKV2_AWS_62:Whoever wants to hear of objects adds a notification (data_lake does for the raw zone)
  bucket        = var.name
  force_destroy = var.force_destroy

  # As long as this bucket can't be removed, because something is in it, neither can these.
  depends_on = [var.outlived_by]
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    # One data key for the bucket instead of one per object: up to 99 % fewer calls to KMS.
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      kms_master_key_id = var.kms_key_arn
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
    }
  }
}
