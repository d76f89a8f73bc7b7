output "log_groups" {
  description = "Log groups of the job."
  value       = [aws_cloudwatch_log_group.this.name]
}

output "name" {
  description = "Name under which the job is deployed."
  value       = aws_lambda_function.this.function_name
}
