provider "aws" {
  region = local.aws_region

  # Credentials of another account than the stage's end here, before anything is planned.
  allowed_account_ids = [local.settings.account_id]

  default_tags {
    tags = local.tags
  }
}
