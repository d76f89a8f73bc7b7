resource "aws_glue_job" "this" {
  #checkov:skip=CKV_AWS_195:Buckets and log groups encrypt by themselves; a security configuration would move the logs
  name              = var.name
  description       = var.definition.description
  role_arn          = aws_iam_role.this.arn
  glue_version      = var.glue_version
  worker_type       = var.definition.worker_type
  number_of_workers = coalesce(var.definition.workers, var.default_workers)
  timeout           = var.definition.timeout_minutes
  max_retries       = var.definition.max_retries
  execution_class   = "STANDARD"
  default_arguments = local.default_arguments

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "s3://${aws_s3_object.script.bucket}/${aws_s3_object.script.key}"
  }

  execution_property {
    max_concurrent_runs = var.definition.max_concurrent_runs
  }

  # A run started right away must be able to log and to read.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}

resource "aws_glue_trigger" "schedule" {
  count = var.definition.schedule == null ? 0 : 1

  name        = var.name
  description = "Starts ${var.name}"
  type        = "SCHEDULED"
  schedule    = var.definition.schedule
  enabled     = var.schedule_enabled

  actions {
    job_name = aws_glue_job.this.name
  }
}
