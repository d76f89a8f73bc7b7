variable "kms_key_arn" {
  description = "Key that encrypts the messages; its policy must let CloudWatch and EventBridge use it."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key."
  }
}

variable "name" {
  description = "Name of the deployment; the topic is called <name>-alerts."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,62}$", var.name))
    error_message = "name must be 2 to 63 lower-case letters, digits or hyphens and start with a letter."
  }
}
