output "account_id" {
  description = "AWS account of the stage."
  value       = local.settings.account_id
}

output "alarm_topic_arn" {
  description = "SNS topic that learns of every failure."
  value       = module.alerting.topic_arn
}

output "buckets" {
  description = "Bucket name of each zone."
  value       = module.data_lake.buckets
}

output "crawler" {
  description = "Glue crawler of the raw zone."
  value       = module.catalog.crawler
}

output "database" {
  description = "Glue database of the tables."
  value       = module.catalog.database

  precondition {
    condition     = length(local.disputed_tables) == 0
    error_message = "Several jobs describe ${join(", ", local.disputed_tables)}, and not alike: make their contracts equal, or rename one's table."
  }
}

output "job_kinds" {
  description = "Kind of each job, by directory: glue or lambda."
  value       = { for directory, job in local.jobs : directory => job.kind }

  precondition {
    condition     = alltrue([for job in local.jobs : contains(["glue", "lambda"], job.kind)])
    error_message = "A job's kind is glue or lambda, got ${jsonencode({ for directory, job in local.jobs : directory => job.kind })}."
  }
}

output "jobs" {
  description = "Deployed name of each job, by directory."
  value       = { for directory, job in merge(module.glue_job, module.lambda_job) : directory => job.name }
}

output "log_groups" {
  description = "Log groups of each job, by directory."
  value       = { for directory, job in merge(module.glue_job, module.lambda_job) : directory => job.log_groups }
}

output "region" {
  description = "AWS region."
  value       = local.aws_region
}

output "stage" {
  description = "Stage that is deployed."
  value       = var.stage
}

output "workgroup" {
  description = "Athena workgroup for queries."
  value       = module.query.workgroup
}

output "workspace" {
  description = "Terraform workspace that is deployed."
  value       = terraform.workspace

  precondition {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", terraform.workspace))
    error_message = "The workspace \"${terraform.workspace}\" can't be part of names: it must be lower-case letters, digits and hyphens."
  }
}
