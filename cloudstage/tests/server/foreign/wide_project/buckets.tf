resource "aws_s3_bucket" "zone" {
  for_each      = local.zones
  bucket        = "lake-${each.key}-${local.account}"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "zone" {
  for_each = local.zones
  bucket   = aws_s3_bucket.zone[each.key].id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "zone" {
  for_each = local.zones
  bucket   = aws_s3_bucket.zone[each.key].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket" "logs" {
  bucket_prefix = "logs-"
  force_destroy = true
}

resource "aws_s3_bucket_ownership_controls" "main" {
  for_each = { raw = aws_s3_bucket.zone["raw"].id, logs = aws_s3_bucket.logs.id }
  bucket   = each.value
  rule { object_ownership = "BucketOwnerPreferred" }
}

resource "aws_s3_bucket_acl" "logs" {
  bucket     = aws_s3_bucket.logs.id
  acl        = "log-delivery-write"
  depends_on = [aws_s3_bucket_ownership_controls.main]
}

resource "aws_s3_bucket_logging" "main" {
  bucket        = aws_s3_bucket.zone["raw"].id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "v${var.release}/"
  target_object_key_format {
    partitioned_prefix { partition_date_source = "EventTime" }
  }
  depends_on = [aws_s3_bucket_acl.logs]
}

resource "aws_s3_bucket_cors_configuration" "main" {
  bucket = aws_s3_bucket.zone["raw"].id
  cors_rule {
    id              = "x"
    allowed_headers = ["*"]
    allowed_methods = ["GET", "PUT"]
    allowed_origins = ["https://a.example"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3000 * var.release
  }
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "main" {
  bucket = aws_s3_bucket.zone["raw"].id
  name   = "all"
  tiering {
    access_tier = "DEEP_ARCHIVE_ACCESS"
    days        = 180 * var.release
  }
}

resource "aws_s3_bucket_inventory" "main" {
  bucket                   = aws_s3_bucket.zone["raw"].id
  name                     = "inv"
  included_object_versions = "All"
  optional_fields          = ["Size"]
  schedule { frequency = var.release == 1 ? "Daily" : "Weekly" }
  destination {
    bucket {
      format     = "Parquet"
      bucket_arn = aws_s3_bucket.logs.arn
      prefix     = "inv"
    }
  }
}

resource "aws_s3_bucket_metric" "main" {
  bucket = aws_s3_bucket.zone["raw"].id
  name   = "all"
  filter { prefix = "v${var.release}/" }
}

resource "aws_s3_bucket_request_payment_configuration" "main" {
  bucket = aws_s3_bucket.zone["raw"].id
  payer  = "Requester"
}

resource "aws_s3_bucket_replication_configuration" "main" {
  depends_on = [aws_s3_bucket_versioning.zone]
  bucket     = aws_s3_bucket.zone["raw"].id
  role       = aws_iam_role.service.arn
  rule {
    id       = "all"
    priority = 1
    status   = "Enabled"
    filter { prefix = "v${var.release}" }
    delete_marker_replication { status = "Enabled" }
    source_selection_criteria {
      sse_kms_encrypted_objects { status = "Enabled" }
    }
    destination {
      bucket        = aws_s3_bucket.zone["curated"].arn
      storage_class = "STANDARD_IA"
      encryption_configuration { replica_kms_key_id = aws_kms_key.data.arn }
      metrics {
        status = "Enabled"
        event_threshold { minutes = 15 }
      }
      replication_time {
        status = "Enabled"
        time { minutes = 15 }
      }
    }
  }
}

resource "aws_s3_object" "folder" {
  bucket       = aws_s3_bucket.zone["curated"].id
  key          = "landing/"
  content_type = "application/x-directory"
}

resource "aws_s3_object" "reference" {
  for_each            = fileset(path.module, "*.tf")
  bucket              = aws_s3_bucket.zone["curated"].id
  key                 = "src/${each.value}"
  source              = "${path.module}/${each.value}"
  etag                = filemd5("${path.module}/${each.value}")
  storage_class       = "STANDARD_IA"
  cache_control       = "max-age=60"
  content_disposition = "inline"
  content_encoding    = "identity"
  content_language    = "en"
  metadata            = { v = "${var.release}" }
  tags                = { t = "${var.release}" }
  acl                 = "private"
}
