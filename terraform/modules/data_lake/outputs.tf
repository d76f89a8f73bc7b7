output "buckets" {
  description = "Bucket name of each zone."
  value       = { for zone in local.zones : zone => aws_s3_bucket.zone[zone].bucket }
}
