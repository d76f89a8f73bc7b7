resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

locals {
  statements = concat([local.tls_only], var.protected ? [local.nothing_is_lost] : [], var.policy_statements)

  # Who wants to remove something changes the policy first, in a reviewed plan.
  nothing_is_lost = {
    Sid       = "DenyLossOfData"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = ["s3:DeleteBucket", "s3:DeleteObjectVersion"]
    Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
  }

  tls_only = {
    Sid       = "DenyWithoutTls"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = "s3:*"
    Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}
