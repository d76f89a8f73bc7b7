variable "database" {
  description = "Glue database of the tables in the zones: without it, nobody finds them."
  type        = string
}

variable "force_destroy" {
  description = "Whether destroying a bucket also deletes what is in it. False wherever data must outlive a mistake."
  type        = bool
}

variable "kms_key_arn" {
  description = "Key that encrypts every zone."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key."
  }
}

variable "log_retention_days" {
  description = "Days after which access logs are deleted."
  type        = number
}

variable "name" {
  description = "Name of the deployment; a bucket is called <name>-<zone>-<account id>."
  type        = string

  validation {
    # 63 characters for a bucket, less "-quarantine-" and the twelve digits of an account.
    condition     = can(regex("^[a-z][a-z0-9-]{0,37}[a-z0-9]$", var.name))
    error_message = "name must be 2 to 39 lower-case letters, digits or hyphens, so that <name>-quarantine-<account id> is a bucket name."
  }
}

variable "protected" {
  description = "Whether nobody may remove a zone's bucket or a version of an object; lifecycle rules still do."
  type        = bool
  default     = false
}
