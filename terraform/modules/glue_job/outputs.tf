output "log_groups" {
  description = "Log groups of the job: its own output first, then Spark's messages."
  value       = [for stream in ["output", "error"] : aws_cloudwatch_log_group.this[stream].name]
}

output "name" {
  description = "Name under which the job is deployed."
  value       = aws_glue_job.this.name
}
