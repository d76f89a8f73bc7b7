# Shows what lies in the raw zone as tables crawled_<folder>. Started by anyone who wants to look; it never touches the
# tables of the jobs, because it may only write names with its prefix.
locals {
  crawled_prefix = "crawled_"
}

resource "aws_glue_crawler" "raw" {
  #checkov:skip=CKV_AWS_195:It writes to the catalog only; its log group is shared by all crawlers of the account
  name          = "${var.name}-raw"
  description   = "Describes the files of the raw zone as tables ${local.crawled_prefix}<folder>"
  role          = aws_iam_role.crawler.arn
  database_name = aws_glue_catalog_database.this.name
  table_prefix  = local.crawled_prefix

  s3_target {
    path = "s3://${var.buckets["raw"]}/"
  }

  recrawl_policy {
    recrawl_behavior = "CRAWL_NEW_FOLDERS_ONLY"
  }

  # What has arrived stays described: raw objects are never changed.
  schema_change_policy {
    delete_behavior = "LOG"
    update_behavior = "LOG"
  }

  depends_on = [aws_iam_role_policy.crawler]
}

resource "aws_iam_role" "crawler" {
  name        = "${var.name}-crawler"
  description = "What the crawler ${var.name}-raw may do"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "glue.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "crawler" {
  name = "crawler"
  role = aws_iam_role.crawler.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.crawler_statements
  })
}
