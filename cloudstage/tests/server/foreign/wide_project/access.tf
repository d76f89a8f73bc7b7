data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [for service in local.services : "${service}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "service" {
  name                 = "data-service"
  path                 = "/data/"
  description          = "release ${var.release}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy_attachment" "service" {
  for_each   = { glue = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole", own = aws_iam_policy.main.arn }
  role       = aws_iam_role.service.name
  policy_arn = each.value
}

resource "aws_iam_openid_connect_provider" "main" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
}

resource "aws_iam_policy" "boundary" {
  name   = "boundary"
  path   = "/b/"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

resource "aws_iam_policy" "main" {
  name_prefix = "found-"
  description = "d"
  policy      = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = [for service in ["dynamodb", "ec2", "kinesis", "kms", "lambda", "logs", "s3", "sns", "sqs"] : "${service}:*"], Resource = "*", Sid = "v${var.release}" }] })
}

resource "aws_iam_instance_profile" "main" {
  name = "found"
  role = aws_iam_role.service.name
}

resource "aws_iam_account_password_policy" "main" {
  minimum_password_length = 14 + var.release
  require_symbols         = true
}

resource "aws_kms_key" "data" {
  description             = "release ${var.release}"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  rotation_period_in_days = 180
  policy                  = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "root", Effect = "Allow", Principal = { AWS = "arn:aws:iam::${local.account}:root" }, Action = "kms:*", Resource = "*" }] })
}

resource "aws_kms_grant" "main" {
  name              = "g"
  key_id            = aws_kms_key.data.key_id
  grantee_principal = aws_iam_role.service.arn
  operations        = ["Encrypt", "Decrypt"]
  constraints { encryption_context_equals = { a = "b" } }
}

data "aws_kms_alias" "s3" { name = "alias/aws/s3" }
