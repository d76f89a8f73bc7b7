output "bucket" {
  value = aws_s3_bucket.shop.bucket
}

output "failed_queue" {
  value = aws_sqs_queue.failed.id
}

output "table" {
  value = aws_dynamodb_table.orders.name
}

output "job" {
  value = aws_glue_job.nightly.name
}

output "workgroup" {
  value = aws_athena_workgroup.analysts.name
}

output "query" {
  value = aws_athena_named_query.sales.id
}
