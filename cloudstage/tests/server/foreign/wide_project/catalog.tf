resource "aws_glue_catalog_database" "main" {
  for_each     = local.zones
  name         = "lake_${each.key}"
  description  = "zone ${each.key} v${var.release}"
  location_uri = "s3://${aws_s3_bucket.zone[each.key].id}/"
  parameters   = { owner = "v${var.release}" }
  create_table_default_permission {
    permissions = ["SELECT"]
    principal { data_lake_principal_identifier = "IAM_ALLOWED_PRINCIPALS" }
  }
}

resource "aws_glue_catalog_table" "events" {
  name          = "events"
  database_name = aws_glue_catalog_database.main["raw"].name
  description   = "release ${var.release}"
  owner         = "data"
  table_type    = "EXTERNAL_TABLE"
  retention     = 0
  parameters = {
    EXTERNAL                = "TRUE"
    "projection.enabled"    = "true"
    "projection.day.type"   = "date"
    "projection.day.range"  = "2024-01-01,NOW"
    "projection.day.format" = "yyyy-MM-dd"
  }
  partition_keys {
    name = "day"
    type = "date"
  }
  partition_keys {
    name    = "country"
    type    = "string"
    comment = "ISO"
  }
  storage_descriptor {
    location          = "s3://${aws_s3_bucket.zone["raw"].id}/events/"
    input_format      = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format     = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    compressed        = true
    number_of_buckets = -1
    bucket_columns    = ["id"]
    ser_de_info {
      name                  = "parquet"
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
      parameters            = { "serialization.format" = "1" }
    }
    sort_columns {
      column     = "id"
      sort_order = 1
    }
    skewed_info {
      skewed_column_names               = ["id"]
      skewed_column_values              = ["1"]
      skewed_column_value_location_maps = { "1" = "x" }
    }
    columns {
      name    = "id"
      type    = "bigint"
      comment = "key"
    }
    columns {
      name       = "tags"
      type       = "map<string,struct<a:int,b:array<string>>>"
      parameters = { pii = "no" }
    }
  }
}

resource "aws_glue_partition_index" "events" {
  database_name = aws_glue_catalog_database.main["raw"].name
  table_name    = aws_glue_catalog_table.events.name
  partition_index {
    index_name = "by_day"
    keys       = ["day"]
  }
}

resource "aws_glue_partition" "main" {
  database_name    = aws_glue_catalog_database.main["raw"].name
  table_name       = aws_glue_catalog_table.events.name
  partition_values = ["2024-01-01", "CH"]
  parameters       = { v = "${var.release}" }
  storage_descriptor {
    location = "s3://${aws_s3_bucket.zone["raw"].id}/events/2024-01-01/CH/"
    columns {
      name = "id"
      type = "bigint"
    }
  }
}

resource "aws_glue_catalog_table" "iceberg" {
  name          = "orders"
  database_name = aws_glue_catalog_database.main["curated"].name
  table_type    = "EXTERNAL_TABLE"
  open_table_format_input {
    iceberg_input {
      metadata_operation = "CREATE"
      version            = 2
    }
  }
  storage_descriptor {
    location = "s3://${aws_s3_bucket.zone["curated"].id}/orders"
    columns {
      name = "id"
      type = "bigint"
    }
    columns {
      name = "amount"
      type = "decimal(10,2)"
    }
  }
}

resource "aws_glue_catalog_table" "view" {
  name               = "big_events"
  database_name      = aws_glue_catalog_database.main["curated"].name
  table_type         = "VIRTUAL_VIEW"
  view_original_text = "/* Presto View: ${base64encode(jsonencode({ originalSql = "SELECT 1 AS id", catalog = "awsdatacatalog", columns = [{ name = "id", type = "bigint" }] }))} */"
  view_expanded_text = "/* Presto View */"
  parameters         = { presto_view = "true", comment = "Presto View" }
  storage_descriptor {
    ser_de_info { name = "-" }
    columns {
      name = "id"
      type = "bigint"
    }
  }
}

resource "aws_glue_catalog_table" "link" {
  name          = "events_link"
  database_name = aws_glue_catalog_database.main["curated"].name
  target_table {
    catalog_id    = local.account
    database_name = aws_glue_catalog_database.main["raw"].name
    name          = aws_glue_catalog_table.events.name
  }
}

data "aws_glue_catalog_table" "events" {
  name          = aws_glue_catalog_table.events.name
  database_name = aws_glue_catalog_database.main["raw"].name
}

resource "aws_lakeformation_data_lake_settings" "main" {
  admins = [aws_iam_role.service.arn]
  create_database_default_permissions {
    permissions = ["ALL"]
    principal   = "IAM_ALLOWED_PRINCIPALS"
  }
}

resource "aws_lakeformation_resource" "main" {
  arn      = aws_s3_bucket.zone["curated"].arn
  role_arn = aws_iam_role.service.arn
}

resource "aws_lakeformation_lf_tag" "main" {
  key    = "pii"
  values = var.release == 1 ? ["yes", "no"] : ["yes", "no", "maybe"]
}

resource "aws_lakeformation_resource_lf_tags" "main" {
  database { name = aws_glue_catalog_database.main["raw"].name }
  lf_tag {
    key   = aws_lakeformation_lf_tag.main.key
    value = "no"
  }
}
