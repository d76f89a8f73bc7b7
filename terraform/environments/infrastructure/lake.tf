module "encryption" {
  source = "../../modules/encryption"

  deletion_window_in_days = local.force_destroy ? 7 : 30
  name                    = local.name
}

module "data_lake" {
  source = "../../modules/data_lake"

  force_destroy      = local.force_destroy
  kms_key_arn        = module.encryption.key_arn
  log_retention_days = local.settings.log_retention_days
  name               = local.name
}

locals {
  # The lake as jobs see it.
  lake = {
    buckets     = module.data_lake.buckets
    database    = module.catalog.database
    kms_key_arn = module.encryption.key_arn
    tables      = module.catalog.tables
  }
}
