locals {
  package_built  = fileexists(var.package_path)
  package_sha256 = local.package_built ? filebase64sha256(var.package_path) : "not built"
  content_hash   = local.package_built ? filesha256(var.package_path) : "not-built"
}

# The key holds the content's hash: a function always names exactly what it was deployed with.
resource "aws_s3_object" "package" {
  bucket                 = var.lake.buckets["artifacts"]
  key                    = "jobs/${var.directory}/${local.content_hash}/package.zip"
  kms_key_id             = var.lake.kms_key_arn
  server_side_encryption = "aws:kms"
  source                 = var.package_path

  # S3 allows an object ten tags, fewer than a deployment may have.
  override_provider {
    default_tags {
      tags = {}
    }
  }

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = local.package_built
      error_message = "The package of ${var.directory} is not built: ${var.package_path} is missing. Run: dst package"
    }
  }
}
