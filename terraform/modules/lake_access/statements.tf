locals {
  # A statement without resources is one that nothing asked for.
  statements = [for statement in local.candidates : statement if length(statement.Resource) > 0]

  candidates = [
    {
      Sid      = "ReadObjects"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = [for prefix in local.prefixes : local.object_arns[prefix]]
    },
    {
      # Names only, but of the whole bucket: without it S3 answers 403 instead of 404 to the HEAD requests
      # by which Spark finds out whether a path is an object, a folder or nothing.
      Sid      = "ListBuckets"
      Effect   = "Allow"
      Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
      Resource = distinct([for prefix in local.prefixes : local.bucket_arns[split(":", prefix)[0]]])
    },
    {
      Sid      = "WriteObjects"
      Effect   = "Allow"
      Action   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"]
      Resource = [for prefix in local.prefixes_written : local.object_arns[prefix]]
    },
    {
      # Glue checks a table's action against the catalog and the database that hold it, too.
      Sid      = "ReadTables"
      Effect   = "Allow"
      Action   = ["glue:GetTable"]
      Resource = length(local.tables) == 0 ? [] : concat(local.database_arns, [for table in local.tables : local.table_arns[table]])
    },
    {
      # A commit to an Iceberg table, the first of which makes it; plain tables project their partitions.
      Sid    = "WriteTables"
      Effect = "Allow"
      Action = ["glue:CreateTable", "glue:UpdateTable"]
      Resource = length(local.tables_written) == 0 ? [] : concat(
        local.database_arns,
        [for table in local.tables_written : local.table_arns[table]],
      )
    },
    {
      Sid      = "ReadEncrypted"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = length(local.prefixes) == 0 ? [] : [var.lake.kms_key_arn]
    },
    {
      Sid      = "WriteEncrypted"
      Effect   = "Allow"
      Action   = ["kms:GenerateDataKey"]
      Resource = length(local.prefixes_written) == 0 ? [] : [var.lake.kms_key_arn]
    },
  ]
}
