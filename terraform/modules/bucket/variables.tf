variable "expiration_days" {
  description = "Days after which objects below a prefix are deleted, by prefix. Everything else stays."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for prefix, days in var.expiration_days : can(regex("^[a-z0-9-]+/$", prefix)) && days >= 1])
    error_message = "expiration_days must map prefixes such as \"tmp/\" to a number of days, at least 1."
  }
}

variable "force_destroy" {
  description = "Whether destroying the bucket also deletes what is in it. False wherever data must outlive a mistake."
  type        = bool
}

variable "kms_key_arn" {
  description = "Key that encrypts the objects. Without it, S3 encrypts with a key of its own."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key."
  }
}

variable "name" {
  description = "Name of the bucket."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 63 lower-case letters, digits or hyphens, as S3 demands; got ${var.name}."
  }
}

variable "noncurrent_version_days" {
  description = "Days for which an overwritten or deleted object can still be brought back."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_version_days >= 1
    error_message = "noncurrent_version_days must be at least 1."
  }
}

variable "outlived_by" {
  description = "What is needed to find or read the objects, such as the key's ARN: it is destroyed only after the bucket."
  type        = list(string)
  default     = []
}

variable "policy_statements" {
  description = "Statements of the bucket's policy besides the one that demands TLS."
  # Statements differ in what they hold: a precise type would have to repeat the policy language.
  type    = any
  default = []
}

variable "protected" {
  description = "Whether nobody may remove the bucket or a version of an object; lifecycle rules still do."
  type        = bool
  default     = false
}
