module "access" {
  source = "../lake_access"

  lake   = var.lake
  reads  = var.definition.reads
  writes = var.definition.writes
}

resource "aws_iam_role" "this" {
  name        = var.name
  description = "What the Lambda job ${var.name} may do"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name   = "job"
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(module.access.statements, local.own_statements) })
}

locals {
  own_statements = concat(
    [
      {
        Sid      = "WriteOwnLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.this.arn}:log-stream:*"]
      },
      {
        Sid      = "ReadOwnEnvironment"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = [var.lake.kms_key_arn]
      },
      {
        Sid      = "GiveUp"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.dead_letters.arn]
      },
    ],
    [
      for queue in aws_sqs_queue.raw_objects : {
        Sid      = "TakeRawObjects"
        Effect   = "Allow"
        Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = [queue.arn]
      }
    ],
  )
}
