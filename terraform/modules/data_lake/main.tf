data "aws_caller_identity" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  zones      = toset(["artifacts", "curated", "quarantine", "raw"])
  buckets    = merge({ for zone in local.zones : zone => aws_s3_bucket.zone[zone] }, { logs = aws_s3_bucket.logs })
}

resource "aws_s3_bucket" "zone" {
  for_each = local.zones

  bucket        = "${var.name}-${each.key}-${local.account_id}"
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket" "logs" {
  bucket        = "${var.name}-logs-${local.account_id}"
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = setunion(local.zones, ["logs"])

  bucket = local.buckets[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}
