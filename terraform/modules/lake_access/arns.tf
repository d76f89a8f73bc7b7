locals {
  partition = data.aws_partition.current.partition
  glue_arn  = "arn:${local.partition}:glue:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"

  bucket_arns   = { for zone, bucket in var.lake.buckets : zone => "arn:${local.partition}:s3:::${bucket}" }
  database_arns = ["${local.glue_arn}:catalog", "${local.glue_arn}:database/${var.lake.database}"]
  object_arns   = { for prefix in local.prefixes : prefix => "${local.bucket_arns[split(":", prefix)[0]]}/${split(":", prefix)[1]}*" }
  table_arns    = { for table in local.tables : table => "${local.glue_arn}:table/${var.lake.database}/${table}" }
}
