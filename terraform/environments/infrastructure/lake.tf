module "encryption" {
  source = "../../modules/encryption"

  deletion_window_in_days = local.protected ? 30 : 7
  name                    = local.name
  protected               = local.protected
}

module "data_lake" {
  source = "../../modules/data_lake"

  database           = module.catalog.database
  force_destroy      = !local.protected
  kms_key_arn        = module.encryption.key_arn
  log_retention_days = local.settings.log_retention_days
  name               = local.name
  protected          = local.protected
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
