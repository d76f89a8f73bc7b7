output "buckets" {
  description = "Bucket name of each zone."
  value       = local.buckets
}

output "raw_objects_topic_arn" {
  description = "Topic that announces each object which arrives in the raw zone, in the words of S3."
  value       = aws_sns_topic.raw_objects.arn
}
