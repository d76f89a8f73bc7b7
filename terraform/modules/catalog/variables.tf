variable "buckets" {
  description = "Bucket name of each zone."
  type        = map(string)
}

variable "contracts" {
  description = "Data contract of each table (Open Data Contract Standard, decoded)."
  # Whole contracts of tables that differ: a precise type would have to repeat the standard.
  type = any

  validation {
    condition = alltrue([
      for contract in var.contracts :
      contains(["curated", "quarantine"], try(coalesce(one([
        for property in contract.customProperties : property.value if property.property == "zone"
      ])), "none"))
    ])
    error_message = "Every data contract needs the custom property \"zone\" with the value \"curated\" or \"quarantine\"."
  }

  validation {
    condition = alltrue([
      for contract in var.contracts :
      contains(["iceberg", "json"], try(coalesce(one([
        for property in contract.customProperties : property.value if property.property == "format"
      ])), "none"))
    ])
    error_message = "Every data contract needs the custom property \"format\" with the value \"iceberg\" or \"json\"."
  }
}

variable "database" {
  description = "Name of the Glue database."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,254}$", var.database))
    error_message = "database must be lower-case letters, digits and underscores, and start with a letter."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the raw zone."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key."
  }
}

variable "name" {
  description = "Name of the deployment; the crawler is called <name>-raw."
  type        = string

  validation {
    # 64 characters for a role, less "-crawler".
    condition     = can(regex("^[a-z][a-z0-9-]{1,55}$", var.name))
    error_message = "name must be 2 to 56 lower-case letters, digits or hyphens and start with a letter."
  }
}
