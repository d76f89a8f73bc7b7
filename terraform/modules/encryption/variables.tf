variable "deletion_window_in_days" {
  description = "How long a deleted key can still be recovered, and with it everything it encrypted."
  type        = number
  default     = 30

  validation {
    condition     = var.deletion_window_in_days >= 7 && var.deletion_window_in_days <= 30
    error_message = "deletion_window_in_days must be between 7 and 30, as KMS demands."
  }
}

variable "name" {
  description = "Name of the deployment; the key's alias is alias/<name>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,62}$", var.name))
    error_message = "name must be 2 to 63 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "protected" {
  description = "Whether nobody may disable or delete the key."
  type        = bool
  default     = false
}
