# The function runs the uploaded package and is told where it runs.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:default-dst-alerts"
  arguments       = { stage = "dev", target_data_uri = "s3://default-dst-curated-123456789012/observations/" }
  definition      = { description = "Makes examples", reads = ["raw:signals/"], writes = ["table:observations"] }
  directory       = "make_examples"
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
  log_retention_days    = 30
  name                  = "default-dst-make-examples"
  package_path          = "./main.tf"
  python_version        = "3.12"
  raw_objects_topic_arn = "arn:aws:sns:eu-central-1:123456789012:default-dst-raw-objects"
  schedule_enabled      = true
}

run "runs_the_package_with_its_arguments" {
  command = plan

  assert {
    condition = (
      aws_lambda_function.this.handler == "etl.make_examples.main.handler"
      && aws_lambda_function.this.runtime == "python3.12"
    )
    error_message = "The function does not start the job's handler in the project's Python."
  }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      DST_STAGE           = "dev"
      DST_TARGET_DATA_URI = "s3://default-dst-curated-123456789012/observations/"
    })
    error_message = "The job's arguments are not in its environment."
  }

  assert {
    condition     = can(regex("^jobs/make_examples/[0-9a-f]{64}/package.zip$", aws_lambda_function.this.s3_key))
    error_message = "The function's code is not named by its hash."
  }

  assert {
    condition = (
      aws_lambda_function.this.kms_key_arn == var.lake.kms_key_arn
      && length(aws_lambda_function.this.dead_letter_config) == 1
    )
    error_message = "The environment is not encrypted, or a failed invocation is forgotten."
  }

  assert {
    condition     = length(aws_sqs_queue.raw_objects) == 0 && length(aws_cloudwatch_event_rule.schedule) == 0
    error_message = "A job without trigger and schedule starts by itself."
  }
}

run "missing_package_is_told" {
  command = plan

  variables {
    package_path = "./not-built.zip"
  }

  expect_failures = [aws_s3_object.package]
}
