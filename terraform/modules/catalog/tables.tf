resource "aws_glue_catalog_table" "plain" {
  for_each = local.plain_tables

  name          = each.key
  database_name = aws_glue_catalog_database.this.name
  description   = each.value.description.purpose
  table_type    = "EXTERNAL_TABLE"
  parameters    = merge({ classification = "json", EXTERNAL = "TRUE" }, local.projections[each.key])

  dynamic "partition_keys" {
    for_each = local.partition_columns[each.key]

    content {
      name    = partition_keys.value.name
      type    = partition_keys.value.physicalType
      comment = partition_keys.value.description
    }
  }

  storage_descriptor {
    location      = "s3://${var.buckets[local.properties[each.key].zone]}/${each.key}/"
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }

    dynamic "columns" {
      for_each = local.data_columns[each.key]

      content {
        name    = columns.value.name
        type    = columns.value.physicalType
        comment = columns.value.description
      }
    }
  }
}

locals {
  columns = { for table, contract in local.plain_tables : table => contract.schema[0].properties }

  data_columns = {
    for table, columns in local.columns : table => [for column in columns : column if !try(column.partitioned, false)]
  }
  partition_columns = {
    for table, columns in local.columns : table => [
      for position in range(1, 1 + length(columns)) :
      one([for column in columns : column if try(column.partitionKeyPosition, 0) == position])
      if anytrue([for column in columns : try(column.partitionKeyPosition, 0) == position])
    ]
  }

  # Athena works a projected partition out from its rule, so that nobody has to register partitions. The
  # contract says projectionType, projectionRange …; Athena reads projection.<column>.type, .range …
  projection_rules = {
    for table, columns in local.partition_columns : table => merge([
      for column in columns : {
        for property in try(column.customProperties, []) :
        "projection.${column.name}.${lower(trimprefix(property.property, "projection"))}" => property.value
        if startswith(property.property, "projection")
      }
    ]...)
  }
  projections = {
    for table, rules in local.projection_rules :
    table => length(rules) == 0 ? {} : merge(rules, { "projection.enabled" = "true" })
  }
}
