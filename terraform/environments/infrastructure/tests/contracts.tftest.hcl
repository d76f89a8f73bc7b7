# Two jobs may write one table, if they agree on what it is.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  build_directory = "../../../tests/terraform/data/packages"
  stage           = "dev"
}

run "equal_contracts_are_one" {
  command = plan

  variables {
    etl_directory = "../../../tests/terraform/data/etl"
  }

  assert {
    condition     = keys(local.contracts) == ["examples"]
    error_message = "A table that two jobs describe alike is not one table."
  }
}

run "differing_contracts_are_refused" {
  command = plan

  variables {
    etl_directory = "../../../tests/terraform/data/disputed_etl"
  }

  expect_failures = [output.database]
}
