# The key holds the content's hash: a job always names exactly what it was deployed with.
locals {
  content_hash = sha256(join("", [
    for path in [var.package_path, var.script_path] : fileexists(path) ? filesha256(path) : "not built"
  ]))
}

resource "aws_s3_object" "package" {
  bucket                 = local.artifacts
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
      condition     = fileexists(var.package_path)
      error_message = "The package of ${var.directory} is not built: ${var.package_path} is missing. Run: dst package"
    }
  }
}

resource "aws_s3_object" "script" {
  bucket                 = local.artifacts
  key                    = "jobs/${var.directory}/${local.content_hash}/script.py"
  kms_key_id             = var.lake.kms_key_arn
  server_side_encryption = "aws:kms"
  source                 = var.script_path

  override_provider {
    default_tags {
      tags = {}
    }
  }

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = fileexists(var.script_path)
      error_message = "The script that starts the job ${var.directory} is missing: ${var.script_path}."
    }
  }
}
