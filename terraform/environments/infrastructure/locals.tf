locals {
  repository    = "${path.root}/../../.."
  configuration = jsondecode(file("${local.repository}/project.json"))
  settings      = local.configuration.stages[var.stage]

  aws_region     = coalesce(var.aws_region, local.configuration.aws_region)
  git_repository = coalesce(var.git_repository, local.configuration.git_repository)
  project        = coalesce(var.project, local.configuration.project)
  project_id     = coalesce(var.project_id, local.configuration.project_id)
  tag_KST        = coalesce(var.tag_KST, local.configuration.tag_KST)
  wa_number      = coalesce(var.wa_number, local.configuration.wa_number)

  in_default_workspace = terraform.workspace == "default"
  in_development       = var.stage == "dev"
  in_integration       = var.stage == "int"
  in_production        = var.stage == "prd"

  # Elsewhere, and in every feature workspace, data may go with the deployment.
  protected = local.settings.protect_data && local.in_default_workspace
}
