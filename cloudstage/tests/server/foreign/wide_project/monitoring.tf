resource "aws_cloudwatch_metric_alarm" "error_rate" {
  alarm_name          = "error-rate"
  alarm_description   = "release ${var.release}"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  datapoints_to_alarm = 1
  threshold           = var.release
  treat_missing_data  = "notBreaching"
  actions_enabled     = var.release == 1
  metric_query {
    id          = "e"
    expression  = "a/b"
    label       = "rate"
    return_data = true
  }
  metric_query {
    id = "a"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      period      = 60
      stat        = "Sum"
      dimensions  = { FunctionName = "x" }
    }
  }
  metric_query {
    id = "b"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Invocations"
      period      = 60
      stat        = "Sum"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "band" {
  alarm_name          = "band"
  comparison_operator = "GreaterThanUpperThreshold"
  evaluation_periods  = 2
  threshold_metric_id = "ad"
  metric_query {
    id          = "ad"
    expression  = "ANOMALY_DETECTION_BAND(m1)"
    label       = "expected"
    return_data = true
  }
  metric_query {
    id          = "m1"
    return_data = true
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      period      = 60
      stat        = "Sum"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "p99" {
  alarm_name          = "p99"
  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  extended_statistic  = "p99"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1000
  unit                = "Milliseconds"
}

resource "aws_cloudwatch_composite_alarm" "main" {
  alarm_name        = "c"
  alarm_description = "release ${var.release}"
  alarm_rule        = "ALARM(${aws_cloudwatch_metric_alarm.error_rate.alarm_name}) OR ALARM(${aws_cloudwatch_metric_alarm.p99.alarm_name})"
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = "d"
  dashboard_body = jsonencode({ widgets = [{ type = "text", x = 0, y = 0, width = 3, height = 3, properties = { markdown = "v${var.release}" } }] })
}

resource "aws_cloudwatch_log_metric_filter" "main" {
  name           = "errors"
  pattern        = "{ $.level = \"ERROR${var.release}\" }"
  log_group_name = aws_cloudwatch_log_group.state_machine.name
  metric_transformation {
    name          = "Errors"
    namespace     = "Orch"
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_cloudwatch_query_definition" "main" {
  name            = "orch/errors"
  log_group_names = [aws_cloudwatch_log_group.state_machine.name]
  query_string    = "fields @message | limit ${var.release}"
}

resource "aws_cloudwatch_log_group" "infrequent" {
  name_prefix     = "orch-"
  log_group_class = "INFREQUENT_ACCESS"
  skip_destroy    = false
}
