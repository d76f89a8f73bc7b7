module "alerting" {
  source = "../../modules/alerting"

  kms_key_arn = module.encryption.key_arn
  name        = local.name
}
