variable "alarm_topic_arn" {
  description = "SNS topic that learns of a failed or timed-out run."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:sns:", var.alarm_topic_arn))
    error_message = "alarm_topic_arn must be the ARN of an SNS topic."
  }
}

variable "arguments" {
  description = "Arguments of every run, without their dashes."
  type        = map(string)
}

variable "default_workers" {
  description = "Workers of a job that names no number."
  type        = number
}

variable "definition" {
  description = "The job's job.json, decoded (etl/job.schema.json)."
  type = object({
    description         = string
    max_concurrent_runs = optional(number, 1)
    max_retries         = optional(number, 0)
    python_modules      = optional(list(string), [])
    reads               = list(string)
    schedule            = optional(string)
    timeout_minutes     = optional(number, 60)
    worker_type         = optional(string, "G.1X")
    workers             = optional(number)
    writes              = list(string)
  })

  validation {
    condition     = contains(["G.1X", "G.2X", "G.4X", "G.8X"], var.definition.worker_type)
    error_message = "worker_type must be G.1X, G.2X, G.4X or G.8X, got ${var.definition.worker_type}."
  }

  validation {
    condition     = try(var.definition.workers >= 2 && var.definition.workers <= 299, var.definition.workers == null)
    error_message = "workers must be between 2 and 299: Glue runs no Spark job with fewer than two."
  }

  validation {
    condition     = var.definition.schedule == null || can(regex("^cron\\(.+\\)$", var.definition.schedule))
    error_message = "schedule must look like cron(0 5 * * ? *): Glue knows no rate()."
  }
}

variable "directory" {
  description = "Name of the job's directory, which is the name that people call it by."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.directory))
    error_message = "directory must be lower-case letters, digits and underscores, as a Python package is named."
  }
}

variable "glue_version" {
  description = "Version of AWS Glue, which fixes those of Spark, Python and Iceberg."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+$", var.glue_version))
    error_message = "glue_version must look like 5.1."
  }
}

variable "lake" {
  description = "The lake as jobs see it: bucket name per zone, Glue database, key, and the zone of each table."
  type = object({
    buckets     = map(string)
    database    = string
    kms_key_arn = string
    tables      = map(string)
  })
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
}

variable "name" {
  description = "Name under which the job is deployed."
  type        = string

  validation {
    # 64 characters for a role or a rule, less "-failed".
    condition     = can(regex("^[a-z][a-z0-9-]{1,56}$", var.name))
    error_message = "name must be 2 to 57 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "package_path" {
  description = "Zip with the job's code, as `dst package` builds it."
  type        = string
}

variable "schedule_enabled" {
  description = "Whether the job's schedule starts it. A feature workspace keeps still."
  type        = bool
}

variable "script_path" {
  description = "The job's main.py, which Glue runs."
  type        = string
}
