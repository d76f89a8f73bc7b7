variable "bytes_scanned_limit" {
  description = "Bytes after which Athena stops a query, as a fuse against an expensive mistake."
  type        = number
  default     = 1099511627776 # 1 TiB

  validation {
    condition     = var.bytes_scanned_limit >= 10485760
    error_message = "bytes_scanned_limit must be at least 10485760 (10 MiB), as Athena demands."
  }
}

variable "force_destroy" {
  description = "Whether the workgroup may be destroyed together with its query history."
  type        = bool
}

variable "kms_key_arn" {
  description = "Key that encrypts query results."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key."
  }
}

variable "name" {
  description = "Name of the workgroup."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9._-]{1,128}$", var.name))
    error_message = "name must be 1 to 128 letters, digits, dots, underscores or hyphens."
  }
}

variable "results_bucket" {
  description = "Bucket for query results; they are written below athena/."
  type        = string
}
