# Objects below the prefix reach the function in batches; what fails too often is kept aside.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:default-dst-alerts"
  arguments       = { stage = "dev", target_data_uri = "s3://default-dst-curated-123456789012/observations/" }
  definition = {
    description = "Makes examples"
    reads       = []
    trigger     = { raw_objects = { prefix = "signals/day=1/", max_receive_count = 4 } }
    writes      = []
  }
  directory = "make_examples"
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

run "objects_reach_the_function" {
  command = plan

  assert {
    condition = jsondecode(aws_sns_topic_subscription.raw_objects[0].filter_policy) == {
      Records = { s3 = { object = { key = [{ prefix = "signals/day%3D1/" }] } } }
    }
    error_message = "The queue gets other objects than those below the prefix, as S3 writes it."
  }

  assert {
    condition     = aws_sns_topic_subscription.raw_objects[0].raw_message_delivery
    error_message = "The function would get SNS's envelope instead of S3's event."
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.raw_objects[0].function_response_types
      == toset(["ReportBatchItemFailures"])
    )
    error_message = "One bad object would bring the whole batch back."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_redrive_policy.raw_objects[0].redrive_policy).maxReceiveCount == 4
    error_message = "An object that always fails would come back forever."
  }

  assert {
    condition     = aws_sqs_queue.raw_objects[0].visibility_timeout_seconds == 6 * aws_lambda_function.this.timeout
    error_message = "A batch in work could be handed out a second time."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_sqs_queue_policy.raw_objects[0].policy).Statement :
      statement.Condition.ArnEquals["aws:SourceArn"] == var.raw_objects_topic_arn
    ])
    error_message = "Others than the raw zone's topic may send to the queue."
  }
}
