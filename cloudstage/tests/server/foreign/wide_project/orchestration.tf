resource "aws_cloudwatch_log_group" "state_machine" {
  name              = "/aws/vendedlogs/states/x"
  retention_in_days = 14
}

resource "aws_sfn_state_machine" "main" {
  name       = "nightly"
  role_arn   = aws_iam_role.service.arn
  publish    = true
  definition = jsonencode({ Comment = "v${var.release}", StartAt = "A", States = { A = { Type = "Wait", Seconds = var.release, Next = "B" }, B = { Type = "Succeed" } } })
  logging_configuration {
    log_destination        = "${aws_cloudwatch_log_group.state_machine.arn}:*"
    include_execution_data = true
    level                  = "ALL"
  }
  tracing_configuration { enabled = true }
}

resource "aws_sfn_alias" "live" {
  name = "live"
  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.main.state_machine_version_arn
    weight                    = 100
  }
}

resource "aws_dynamodb_table" "full" {
  name                        = "orch-full"
  billing_mode                = "PROVISIONED"
  read_capacity               = 5
  write_capacity              = 5
  hash_key                    = "pk"
  range_key                   = "sk"
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"
  table_class                 = "STANDARD"
  deletion_protection_enabled = false
  attribute {
    name = "pk"
    type = "S"
  }
  attribute {
    name = "sk"
    type = "N"
  }
  attribute {
    name = "g"
    type = "S"
  }
  dynamic "attribute" {
    for_each = var.release == 2 ? ["h"] : []
    content {
      name = attribute.value
      type = "S"
    }
  }
  global_secondary_index {
    name               = "by_g"
    hash_key           = "g"
    range_key          = "sk"
    projection_type    = "INCLUDE"
    non_key_attributes = ["x"]
    read_capacity      = 5
    write_capacity     = 5
  }
  dynamic "global_secondary_index" {
    for_each = var.release == 2 ? ["h"] : []
    content {
      name            = "by_h"
      hash_key        = "h"
      projection_type = "ALL"
      read_capacity   = 1
      write_capacity  = 1
    }
  }
  local_secondary_index {
    name            = "local"
    range_key       = "g"
    projection_type = "KEYS_ONLY"
  }
  ttl {
    attribute_name = "expires"
    enabled        = true
  }
  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 7
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.data.arn
  }
  lifecycle { ignore_changes = [read_capacity, write_capacity] }
}

resource "aws_dynamodb_table" "ondemand" {
  name         = "orch-od"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  on_demand_throughput {
    max_read_request_units  = 10 * var.release
    max_write_request_units = 10
  }
  attribute {
    name = "pk"
    type = "S"
  }
  point_in_time_recovery { enabled = var.release == 2 }
}

resource "aws_dynamodb_table_item" "main" {
  table_name = aws_dynamodb_table.ondemand.name
  hash_key   = "pk"
  item       = "{\"pk\": {\"S\": \"a\"}, \"n\": {\"N\": \"${var.release}\"}}"
}

resource "aws_appautoscaling_target" "main" {
  max_capacity       = 10 * var.release
  min_capacity       = 5
  resource_id        = "table/${aws_dynamodb_table.full.name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  service_namespace  = "dynamodb"
}

resource "aws_secretsmanager_secret" "main" {
  name                    = "orch/db"
  description             = "release ${var.release}"
  kms_key_id              = aws_kms_key.data.arn
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "main" {
  secret_id     = aws_secretsmanager_secret.main.id
  secret_string = jsonencode({ user = "u", v = var.release })
}

resource "aws_ssm_parameter" "main" {
  for_each    = { String = "a", SecureString = "b", StringList = "c,d" }
  name        = "/orch/${each.key}"
  description = "release ${var.release}"
  type        = each.key
  value       = "${each.value}${var.release}"
  tier        = each.key == "String" ? "Advanced" : "Standard"
}
