module "catalog" {
  source = "../../modules/catalog"

  buckets     = module.data_lake.buckets
  contracts   = local.contracts
  database    = local.database
  kms_key_arn = module.encryption.key_arn
  name        = local.name
}

# Each job that writes a table keeps its contract, in a file called like the table.
locals {
  contract_versions = {
    for file in fileset(local.etl_directory, "*/contracts/*.odcs.json") :
    trimsuffix(basename(file), ".odcs.json") => jsondecode(file("${local.etl_directory}/${file}"))...
  }
  contracts = { for table, versions in local.contract_versions : table => versions[0] }

  disputed_tables = [
    for table, versions in local.contract_versions : table if length(distinct([for contract in versions : jsonencode(contract)])) > 1
  ]
}
