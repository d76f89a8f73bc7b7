output "crawler" {
  description = "Name of the crawler of the raw zone."
  value       = aws_glue_crawler.raw.name
}

output "database" {
  description = "Name of the Glue database."
  value       = aws_glue_catalog_database.this.name
}

output "tables" {
  description = "Zone of each table that a contract describes."
  value       = { for table, properties in local.properties : table => properties.zone }
}
