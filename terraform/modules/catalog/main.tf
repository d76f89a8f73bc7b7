locals {
  properties = {
    for table, contract in var.contracts :
    table => { for property in contract.customProperties : property.property => property.value }
  }
  # Iceberg tables are created by the job which writes them first; only a plain one needs Terraform.
  plain_tables = { for table, contract in var.contracts : table => contract if local.properties[table].format == "json" }
}

# Without a location: each table states its own, and the database does not depend on the buckets, which it outlives.
resource "aws_glue_catalog_database" "this" {
  name        = var.database
  description = "Tables of ${var.name}"
}
