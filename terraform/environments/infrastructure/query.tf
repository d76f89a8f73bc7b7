module "query" {
  source = "../../modules/query"

  force_destroy  = !local.protected
  kms_key_arn    = module.encryption.key_arn
  name           = local.name
  results_bucket = module.data_lake.buckets["artifacts"]
}
