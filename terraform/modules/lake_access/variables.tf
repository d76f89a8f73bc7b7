variable "lake" {
  description = "The lake as jobs see it: bucket name per zone, Glue database, key, and the zone of each table."
  type = object({
    buckets     = map(string)
    database    = string
    kms_key_arn = string
    tables      = map(string)
  })
}

variable "reads" {
  description = "What may be read: \"<zone>:<prefix>\" or \"table:<name>\"."
  type        = list(string)

  validation {
    condition     = alltrue([for grant in var.reads : can(regex("^[a-z]+:[^:*?]+$", grant))])
    error_message = "Each entry of reads must look like \"raw:signals/\" or \"table:observations\", got ${jsonencode(var.reads)}."
  }

  validation {
    condition     = alltrue([for grant in var.reads : contains(concat(["table"], keys(var.lake.buckets)), split(":", grant)[0])])
    error_message = "reads may name a table or the zones ${join(", ", keys(var.lake.buckets))}, got ${jsonencode(var.reads)}."
  }

  validation {
    condition = alltrue([
      for grant in var.reads : contains(keys(var.lake.tables), trimprefix(grant, "table:")) if startswith(grant, "table:")
    ])
    error_message = "reads names a table without data contract: ${jsonencode(var.reads)}; contracts: ${join(", ", keys(var.lake.tables))}."
  }
}

variable "writes" {
  description = "What may be written, and read back: \"<zone>:<prefix>\" or \"table:<name>\"."
  type        = list(string)

  validation {
    condition     = alltrue([for grant in var.writes : can(regex("^[a-z]+:[^:*?]+$", grant))])
    error_message = "Each entry of writes must look like \"curated:exports/\" or \"table:observations\", got ${jsonencode(var.writes)}."
  }

  validation {
    condition     = alltrue([for grant in var.writes : contains(concat(["table"], keys(var.lake.buckets)), split(":", grant)[0])])
    error_message = "writes may name a table or the zones ${join(", ", keys(var.lake.buckets))}, got ${jsonencode(var.writes)}."
  }

  validation {
    condition = alltrue([
      for grant in var.writes : contains(keys(var.lake.tables), trimprefix(grant, "table:")) if startswith(grant, "table:")
    ])
    error_message = "writes names a table without data contract: ${jsonencode(var.writes)}; contracts: ${join(", ", keys(var.lake.tables))}."
  }
}
