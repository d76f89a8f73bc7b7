# One stack for every stage: they differ by what project.json says of them, and by nothing else.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  build_directory = "../../../tests/terraform/data/packages"
  etl_directory   = "../../../tests/terraform/data/etl"
}

run "data_may_go_where_it_is_not_protected" {
  command = plan

  variables {
    stage = "local"
  }

  assert {
    condition     = !local.protected && !local.in_production && local.in_default_workspace
    error_message = "A local stage could not be destroyed."
  }
}

run "data_stays_in_production" {
  command = plan

  variables {
    stage = "prd"
  }

  assert {
    condition     = local.protected && local.in_production
    error_message = "Production's data could be destroyed."
  }

  assert {
    condition = alltrue([
      for tag in ["git_repository", "managed_by", "project", "project_id", "stage", "tag_KST", "wa_number", "workspace"] :
      contains(keys(local.tags), tag)
    ])
    error_message = "A resource would not say whose it is."
  }
}

run "unknown_stage_is_refused" {
  command = plan

  variables {
    stage = "staging"
  }

  expect_failures = [var.stage]
}

run "long_project_is_refused" {
  command = plan

  variables {
    project = "a-project-of-16-"
    stage   = "dev"
  }

  expect_failures = [var.project]
}
