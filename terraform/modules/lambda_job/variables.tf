variable "alarm_topic_arn" {
  description = "SNS topic that learns of failed invocations and of what was given up."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:sns:", var.alarm_topic_arn))
    error_message = "alarm_topic_arn must be the ARN of an SNS topic."
  }
}

variable "arguments" {
  description = "Arguments of every invocation; each becomes the environment variable DST_<NAME>."
  type        = map(string)
}

variable "definition" {
  description = "The job's job.json, decoded (etl/job.schema.json)."
  type = object({
    description     = string
    memory_mb       = optional(number, 256)
    reads           = list(string)
    schedule        = optional(string)
    timeout_seconds = optional(number, 60)
    trigger = optional(object({
      raw_objects = object({
        batch_size        = optional(number, 10)
        max_receive_count = optional(number, 3)
        prefix            = string
      })
    }))
    writes = list(string)
  })

  validation {
    condition     = var.definition.memory_mb >= 128 && var.definition.memory_mb <= 10240
    error_message = "memory_mb must be between 128 and 10240, got ${var.definition.memory_mb}."
  }

  validation {
    condition     = var.definition.timeout_seconds >= 1 && var.definition.timeout_seconds <= 900
    error_message = "timeout_seconds must be between 1 and 900, got ${var.definition.timeout_seconds}; Glue runs longer jobs."
  }

  validation {
    condition     = var.definition.schedule == null || can(regex("^(cron|rate)\\(.+\\)$", var.definition.schedule))
    error_message = "schedule must look like cron(0 5 * * ? *) or rate(1 hour)."
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
    # 64 characters for a function, a role or a rule; as for the other kind of job.
    condition     = can(regex("^[a-z][a-z0-9-]{1,56}$", var.name))
    error_message = "name must be 2 to 57 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "package_path" {
  description = "Zip with the job's code, as `dst package` builds it."
  type        = string
}

variable "python_version" {
  description = "Version of Python, which fixes the runtime."
  type        = string

  validation {
    condition     = can(regex("^3\\.[0-9]+$", var.python_version))
    error_message = "python_version must look like 3.12."
  }
}

variable "raw_objects_topic_arn" {
  description = "SNS topic that announces the objects which arrive in the raw zone."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:sns:", var.raw_objects_topic_arn))
    error_message = "raw_objects_topic_arn must be the ARN of an SNS topic."
  }
}

variable "schedule_enabled" {
  description = "Whether the job's schedule starts it. A feature workspace keeps still."
  type        = bool
}
