locals {
  tags = merge(local.configuration.tags, {
    git_repository = local.git_repository
    managed_by     = "terraform"
    project        = local.project
    project_id     = local.project_id
    stage          = var.stage
    tag_KST        = local.tag_KST
    wa_number      = local.wa_number
    workspace      = terraform.workspace
  })
}
