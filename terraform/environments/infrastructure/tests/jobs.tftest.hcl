# A job is a directory with a job.json; nothing else has to be told of it.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  build_directory = "../../../tests/terraform/data/packages"
  etl_directory   = "../../../tests/terraform/data/etl"
  git_commit      = "0123456"
  stage           = "dev"
}

run "every_directory_becomes_a_job_of_its_kind" {
  command = plan

  assert {
    condition = output.job_kinds == {
      a_job_whose_name_is_rather_long_for_what_it_does = "glue"
      make_examples                                    = "glue"
      note_examples                                    = "lambda"
    }
    error_message = "The jobs are not the directories with a job.json."
  }

  assert {
    condition = (
      output.jobs["make_examples"] == "default-dst-make-examples"
      && output.jobs["note_examples"] == "default-dst-note-examples"
    )
    error_message = "A job is not deployed as <workspace>-<project>-<job>."
  }

  assert {
    condition = (
      length(output.jobs["a_job_whose_name_is_rather_long_for_what_it_does"]) <= 57
      && startswith(output.jobs["a_job_whose_name_is_rather_long_for_what_it_does"], "default-dst-a-job-whose-name-is-rather-long")
    )
    error_message = "A long name was not shortened to what AWS takes."
  }

  assert {
    condition = (
      output.log_groups["make_examples"]
      == ["/aws-glue/jobs/default-dst-make-examples/output", "/aws-glue/jobs/default-dst-make-examples/error"]
    )
    error_message = "The log groups are not those that Glue writes to."
  }
}

run "jobs_are_told_where_they_run" {
  command = plan

  assert {
    condition = tomap(local.job_arguments["make_examples"]) == tomap({
      artifacts_uri   = "s3://default-dst-artifacts-123456789012"
      curated_uri     = "s3://default-dst-curated-123456789012"
      database        = "default_dst"
      git_commit      = "0123456"
      pattern         = "{day}-{raw"
      prefix          = "raw"
      project         = "dst"
      quarantine_uri  = "s3://default-dst-quarantine-123456789012"
      raw_uri         = "s3://default-dst-raw-123456789012"
      region          = "eu-central-1"
      source_data_uri = "s3://default-dst-raw-123456789012/examples/"
      stage           = "dev"
      target_data_uri = "s3://default-dst-curated-123456789012/examples/"
      workspace       = "default"
    })
    error_message = "A job's arguments are not the deployment's and its own, with zones as addresses."
  }
}

run "unknown_kind_is_refused" {
  command = plan

  variables {
    etl_directory = "../../../tests/terraform/data/unknown_kind_etl"
  }

  expect_failures = [output.job_kinds]
}
