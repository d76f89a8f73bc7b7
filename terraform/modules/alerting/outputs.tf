output "topic_arn" {
  description = "Topic which learns of every failure. Subscribe people and pagers to it."
  # Whoever publishes must find the policy in place.
  value = aws_sns_topic_policy.this.arn
}
