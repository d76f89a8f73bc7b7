resource "aws_glue_classifier" "csv" {
  name = "semicolons"
  csv_classifier {
    allow_single_column    = false
    contains_header        = "PRESENT"
    delimiter              = ";"
    disable_value_trimming = var.release == 2
    header                 = ["a", "b"]
    quote_symbol           = "'"
  }
}

resource "aws_glue_classifier" "grok" {
  name = "access_log"
  grok_classifier {
    classification = "access"
    grok_pattern   = "%%{COMMONAPACHELOG}"
  }
}

resource "aws_glue_security_configuration" "main" {
  name = "lake"
  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = aws_kms_key.data.arn
    }
    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = aws_kms_key.data.arn
    }
    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = aws_kms_key.data.arn
    }
  }
}

resource "aws_glue_data_catalog_encryption_settings" "catalog" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      aws_kms_key_id                       = aws_kms_key.data.arn
      return_connection_password_encrypted = true
    }
    encryption_at_rest {
      catalog_encryption_mode = "SSE-KMS"
      sse_aws_kms_key_id      = aws_kms_key.data.arn
    }
  }
}

resource "aws_glue_connection" "jdbc" {
  name            = "warehouse"
  description     = "release ${var.release}"
  connection_type = "JDBC"
  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:postgresql://db.example.com:5432/shop"
    USERNAME            = "etl"
    PASSWORD            = "secret"
  }
}

resource "aws_glue_connection" "network" {
  name            = "net"
  connection_type = "NETWORK"
  physical_connection_requirements {
    availability_zone      = aws_subnet.private[0].availability_zone
    security_group_id_list = [aws_security_group.main.id]
    subnet_id              = aws_subnet.private[0].id
  }
}

resource "aws_glue_crawler" "main" {
  name                   = "raw"
  role                   = aws_iam_role.service.arn
  database_name          = aws_glue_catalog_database.main["raw"].name
  schedule               = "cron(15 ${var.release} * * ? *)"
  classifiers            = [aws_glue_classifier.csv.name]
  security_configuration = aws_glue_security_configuration.main.name
  table_prefix           = "c_"
  configuration          = jsonencode({ Version = 1.0, Grouping = { TableGroupingPolicy = "CombineCompatibleSchemas" } })
  s3_target {
    path        = "s3://${aws_s3_bucket.zone["raw"].id}/"
    exclusions  = ["**/_tmp/**"]
    sample_size = 10
  }
  schema_change_policy {
    delete_behavior = "LOG"
    update_behavior = "UPDATE_IN_DATABASE"
  }
  recrawl_policy { recrawl_behavior = "CRAWL_EVERYTHING" }
  lineage_configuration { crawler_lineage_settings = "DISABLE" }
}

resource "aws_glue_crawler" "jdbc" {
  name          = "jdbc"
  role          = aws_iam_role.service.name
  database_name = aws_glue_catalog_database.main["raw"].name
  jdbc_target {
    connection_name = aws_glue_connection.jdbc.name
    path            = "shop/%"
  }
}

resource "aws_s3_object" "script" {
  bucket      = aws_s3_bucket.zone["raw"].id
  key         = "scripts/job.py"
  content     = "print(${var.release})"
  source_hash = md5("print(${var.release})")
}

resource "aws_glue_job" "main" {
  for_each               = { spark = "glueetl", shell = "pythonshell", stream = "gluestreaming" }
  name                   = "lake-${each.key}"
  description            = "release ${var.release}"
  role_arn               = aws_iam_role.service.arn
  glue_version           = each.value == "pythonshell" ? null : "4.0"
  max_capacity           = each.value == "pythonshell" ? 0.0625 : null
  worker_type            = each.value == "pythonshell" ? null : "G.1X"
  number_of_workers      = each.value == "pythonshell" ? null : 2
  max_retries            = 1
  timeout                = 60
  security_configuration = aws_glue_security_configuration.main.name
  connections            = each.key == "spark" ? [aws_glue_connection.network.name] : []
  execution_class        = each.key == "spark" ? "FLEX" : null
  command {
    name            = each.value
    script_location = "s3://${aws_s3_bucket.zone["raw"].id}/${aws_s3_object.script.key}"
    python_version  = each.value == "pythonshell" ? "3.9" : "3"
  }
  execution_property { max_concurrent_runs = 3 }
  notification_property { notify_delay_after = 10 }
  default_arguments         = { "--x" = "v${var.release}" }
  non_overridable_arguments = { "--y" = "1" }
}

resource "aws_glue_workflow" "nightly" {
  name                   = "nightly"
  description            = "release ${var.release}"
  max_concurrent_runs    = 1
  default_run_properties = { k = "v${var.release}" }
}

resource "aws_glue_trigger" "start" {
  name              = "start"
  type              = "SCHEDULED"
  schedule          = "cron(0 ${var.release} * * ? *)"
  workflow_name     = aws_glue_workflow.nightly.name
  start_on_creation = true
  actions { crawler_name = aws_glue_crawler.main.name }
}

resource "aws_glue_trigger" "then" {
  name          = "then"
  type          = "CONDITIONAL"
  workflow_name = aws_glue_workflow.nightly.name
  predicate {
    logical = "AND"
    conditions {
      crawler_name = aws_glue_crawler.main.name
      crawl_state  = "SUCCEEDED"
    }
    conditions {
      job_name = aws_glue_job.main["shell"].name
      state    = "SUCCEEDED"
    }
  }
  actions {
    job_name  = aws_glue_job.main["spark"].name
    arguments = { "--x" = "${var.release}" }
    timeout   = 5
    notification_property { notify_delay_after = 3 }
  }
}

resource "aws_glue_trigger" "demand" {
  name    = "demand"
  type    = "ON_DEMAND"
  enabled = false
  actions { job_name = aws_glue_job.main["shell"].name }
}

resource "aws_glue_registry" "main" {
  registry_name = "events"
  description   = "release ${var.release}"
}

resource "aws_glue_schema" "main" {
  schema_name       = "order"
  registry_arn      = aws_glue_registry.main.arn
  data_format       = "AVRO"
  compatibility     = var.release == 1 ? "NONE" : "BACKWARD"
  schema_definition = jsonencode({ type = "record", name = "order", fields = concat([{ name = "id", type = "long" }], var.release == 1 ? [] : [{ name = "x", type = "int", default = 0 }]) })
}

resource "aws_glue_data_quality_ruleset" "main" {
  name        = "rules"
  description = "release ${var.release}"
  ruleset     = "Rules = [Completeness \"id\" > 0.${var.release}]"
  target_table {
    database_name = aws_glue_catalog_database.main["raw"].name
    table_name    = aws_glue_catalog_table.events.name
  }
}

resource "aws_glue_user_defined_function" "main" {
  name          = "f"
  catalog_id    = local.account
  database_name = aws_glue_catalog_database.main["raw"].name
  class_name    = "class${var.release}"
  owner_name    = "owner"
  owner_type    = "GROUP"
  resource_uris {
    resource_type = "ARCHIVE"
    uri           = "s3://x/y.jar"
  }
}
