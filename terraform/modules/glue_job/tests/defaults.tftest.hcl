# A job.json that says little gives a job that runs: the stage's size, an hour at most, one run at a time.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:default-dst-alerts"
  arguments       = { stage = "dev", raw_uri = "s3://default-dst-raw-123456789012" }
  default_workers = 2
  definition      = { description = "Makes examples", reads = ["raw:signals/"], writes = ["table:observations"] }
  directory       = "make_examples"
  glue_version    = "5.1"
  lake = {
    buckets = {
      artifacts = "default-dst-artifacts-123456789012"
      curated   = "default-dst-curated-123456789012"
      raw       = "default-dst-raw-123456789012"
    }
    database    = "default_dst"
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
    tables      = { observations = "curated" }
  }
  log_retention_days = 30
  name               = "default-dst-make-examples"
  package_path       = "./main.tf"
  schedule_enabled   = true
  script_path        = "./outputs.tf"
}

run "runs_with_the_least_that_job_json_must_say" {
  command = plan

  assert {
    condition = (
      aws_glue_job.this.number_of_workers == 2 && aws_glue_job.this.worker_type == "G.1X" && aws_glue_job.this.timeout == 60
      && aws_glue_job.this.max_retries == 0 && one(aws_glue_job.this.execution_property).max_concurrent_runs == 1
    )
    error_message = "The defaults are not those of etl/job.schema.json."
  }

  assert {
    condition     = length(aws_glue_trigger.schedule) == 0
    error_message = "A job without schedule starts by itself."
  }

  assert {
    condition = (
      aws_glue_job.this.default_arguments["--stage"] == "dev"
      && aws_glue_job.this.default_arguments["--datalake-formats"] == "iceberg"
    )
    error_message = "The job is not told where it runs, or can't use Iceberg."
  }

  assert {
    condition     = !contains(keys(aws_glue_job.this.default_arguments), "--additional-python-modules")
    error_message = "A job without python_modules installs some."
  }
}

run "takes_what_job_json_says" {
  command = plan

  variables {
    definition = {
      description         = "Makes examples"
      max_concurrent_runs = 3
      python_modules      = ["a==1", "b==2"]
      reads               = []
      schedule            = "cron(0 5 * * ? *)"
      timeout_minutes     = 5
      worker_type         = "G.2X"
      workers             = 7
      writes              = []
    }
    schedule_enabled = false
  }

  assert {
    condition = (
      aws_glue_job.this.number_of_workers == 7
      && aws_glue_job.this.worker_type == "G.2X"
      && aws_glue_job.this.timeout == 5
    )
    error_message = "The job's size is not what job.json says."
  }

  assert {
    condition     = aws_glue_job.this.default_arguments["--additional-python-modules"] == "a==1,b==2"
    error_message = "The job's python_modules are not installed."
  }

  assert {
    condition     = aws_glue_trigger.schedule[0].schedule == "cron(0 5 * * ? *)" && !aws_glue_trigger.schedule[0].enabled
    error_message = "The schedule is missing, or starts the job where it must keep still."
  }
}
