resource "aws_glue_catalog_database" "shop" {
  name = "shop"
}

resource "aws_glue_catalog_table" "incoming" {
  name          = "incoming"
  database_name = aws_glue_catalog_database.shop.name
  table_type    = "EXTERNAL_TABLE"
  parameters = {
    classification           = "csv"
    "skip.header.line.count" = "1"
  }
  storage_descriptor {
    location      = "s3://${aws_s3_bucket.shop.bucket}/incoming/"
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
      parameters            = { "field.delim" = "," }
    }
    dynamic "columns" {
      for_each = ["id", "customer", "amount"]
      content {
        name = columns.value
        type = "string"
      }
    }
  }
}

resource "aws_glue_catalog_table" "orders" {
  name          = "orders"
  database_name = aws_glue_catalog_database.shop.name
  table_type    = "EXTERNAL_TABLE"
  parameters    = { classification = "parquet" }
  storage_descriptor {
    location      = "s3://${aws_s3_bucket.shop.bucket}/orders/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    }
    columns {
      name = "order_id"
      type = "string"
    }
    columns {
      name = "customer"
      type = "string"
    }
    columns {
      name = "amount"
      type = "double"
    }
  }
}

data "aws_iam_policy_document" "glue_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "nightly" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.shop.arn]
  }
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.shop.arn}/incoming*", "${aws_s3_bucket.shop.arn}/scripts/*"]
  }
  statement {
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    resources = ["${aws_s3_bucket.shop.arn}/orders*"]
  }
  statement {
    actions = ["glue:GetTable", "glue:GetPartitions"]
    resources = [
      "${local.catalog}:catalog",
      "${local.catalog}:database/${aws_glue_catalog_database.shop.name}",
      "${local.catalog}:table/${aws_glue_catalog_database.shop.name}/*",
    ]
  }
  statement {
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:${local.region}:${local.account}:log-group:/aws-glue/*"]
  }
}

resource "aws_iam_role" "nightly" {
  name               = "shop-nightly"
  assume_role_policy = data.aws_iam_policy_document.glue_trust.json
}

resource "aws_iam_policy" "nightly" {
  name   = "shop-nightly"
  policy = data.aws_iam_policy_document.nightly.json
}

resource "aws_iam_role_policy_attachment" "nightly" {
  role       = aws_iam_role.nightly.name
  policy_arn = aws_iam_policy.nightly.arn
}

resource "aws_s3_object" "nightly" {
  bucket = aws_s3_bucket.shop.id
  key    = "scripts/nightly.py"
  source = "${path.module}/scripts/nightly.py"
  etag   = filemd5("${path.module}/scripts/nightly.py")
}

resource "aws_glue_job" "nightly" {
  name              = "shop-nightly"
  role_arn          = aws_iam_role.nightly.arn
  glue_version      = "5.1"
  worker_type       = "G.1X"
  number_of_workers = 2
  timeout           = 10
  command {
    script_location = "s3://${aws_s3_bucket.shop.bucket}/${aws_s3_object.nightly.key}"
    python_version  = "3"
  }
  default_arguments = {
    "--database"            = aws_glue_catalog_database.shop.name
    "--target"              = "s3://${aws_s3_bucket.shop.bucket}/orders/"
    "--job-bookmark-option" = "job-bookmark-disable"
    "--enable-metrics"      = "true"
  }
}

resource "aws_glue_trigger" "nightly" {
  name     = "shop-nightly"
  type     = "SCHEDULED"
  schedule = "cron(0 3 * * ? *)"
  actions {
    job_name = aws_glue_job.nightly.name
  }
}

resource "aws_athena_workgroup" "analysts" {
  name          = "shop-analysts"
  force_destroy = true
  configuration {
    result_configuration {
      output_location = "s3://${aws_s3_bucket.shop.bucket}/results/"
    }
  }
}

resource "aws_athena_named_query" "sales" {
  name      = "sales"
  workgroup = aws_athena_workgroup.analysts.id
  database  = aws_glue_catalog_database.shop.name
  query     = <<-SQL
    -- What each customer has spent
    SELECT customer, sum(amount) AS total /* in euros */
    FROM orders
    GROUP BY customer
    ORDER BY customer
  SQL
}
