data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  arn_prefix = "arn:${data.aws_partition.current.partition}:s3:::"

  # One by one: who asks for `module.zone` as a whole waits for everything in it, and S3 lifecycles take a minute.
  buckets = {
    artifacts  = module.zone["artifacts"].name
    curated    = module.zone["curated"].name
    quarantine = module.zone["quarantine"].name
    raw        = module.zone["raw"].name
  }

  # Zone → days after which what lies below a prefix goes: what can be made again at any time.
  expiration_days = {
    artifacts  = { "athena/" = 7 }
    curated    = {}
    quarantine = {}
    raw        = {}
  }
}

module "zone" {
  source   = "../bucket"
  for_each = local.expiration_days

  expiration_days = each.value
  force_destroy   = var.force_destroy
  kms_key_arn     = var.kms_key_arn
  name            = "${var.name}-${each.key}-${local.account_id}"
  outlived_by     = [var.kms_key_arn, var.database]
  protected       = var.protected
}
