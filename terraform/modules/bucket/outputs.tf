output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.this.bucket
}

output "policy_id" {
  description = "Known once the bucket's policy is in force: for whatever must come after it."
  value       = aws_s3_bucket_policy.this.id
}
