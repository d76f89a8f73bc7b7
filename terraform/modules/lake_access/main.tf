data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  tables_read    = [for grant in var.reads : trimprefix(grant, "table:") if startswith(grant, "table:")]
  tables_written = [for grant in var.writes : trimprefix(grant, "table:") if startswith(grant, "table:")]
  tables         = setunion(local.tables_read, local.tables_written)

  # "<zone>:<prefix>" of every grant; a table's objects lie under its own name in its zone.
  prefixes_read = setunion(
    [for grant in var.reads : grant if !startswith(grant, "table:")],
    [for table in local.tables_read : "${var.lake.tables[table]}:${table}/"],
  )
  prefixes_written = setunion(
    [for grant in var.writes : grant if !startswith(grant, "table:")],
    [for table in local.tables_written : "${var.lake.tables[table]}:${table}/"],
  )
  prefixes = setunion(local.prefixes_read, local.prefixes_written)
}
