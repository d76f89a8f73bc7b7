resource "aws_s3_bucket_logging" "zone" {
  for_each = local.zones

  bucket        = aws_s3_bucket.zone[each.key].id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "${each.key}/"

  # S3 tests whether it may deliver at the moment logging is switched on.
  depends_on = [aws_s3_bucket_policy.logs]
}
