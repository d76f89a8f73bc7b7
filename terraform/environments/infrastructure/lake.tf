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

module "catalog" {
  source = "../../modules/catalog"

  buckets     = module.data_lake.buckets
  contracts   = local.contracts
  database    = local.database
  kms_key_arn = module.encryption.key_arn
  name        = local.name
}

locals {
  # The lake as jobs see it.
  lake = {
    buckets     = module.data_lake.buckets
    database    = module.catalog.database
    kms_key_arn = module.encryption.key_arn
    tables      = module.catalog.tables
  }

  # Whoever writes a table keeps its contract; the table is called like the file.
  contracts = {
    for file in fileset(local.etl_directory, "*/contracts/*.odcs.json") :
    trimsuffix(basename(file), ".odcs.json") => jsondecode(file("${local.etl_directory}/${file}"))
  }
}
