# S3 hands an object's event to one queue per prefix only. A topic hands it on to as many jobs as want it.
resource "aws_sns_topic" "raw_objects" {
  name              = "${var.name}-raw-objects"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_policy" "raw_objects" {
  arn = aws_sns_topic.raw_objects.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RawBucket"
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.raw_objects.arn
      Condition = {
        ArnEquals    = { "aws:SourceArn" = module.zone["raw"].arn }
        StringEquals = { "aws:SourceAccount" = local.account_id }
      }
    }]
  })
}

resource "aws_s3_bucket_notification" "raw" {
  bucket = local.buckets["raw"]

  topic {
    topic_arn = aws_sns_topic.raw_objects.arn
    events    = ["s3:ObjectCreated:*"]
  }

  # S3 tests whether it may publish at the moment notifications are switched on.
  depends_on = [aws_sns_topic_policy.raw_objects]
}
