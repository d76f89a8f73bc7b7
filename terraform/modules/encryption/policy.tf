locals {
  policy = {
    Version = "2012-10-17"
    Statement = concat(var.protected ? [local.key_is_kept] : [], [
      {
        # Without this statement the key could be managed by nobody; it lets IAM policies decide who may use it.
        Sid       = "AccountDecidesByIam"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "LogGroupsOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = "logs.${local.region}.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:*"
          }
        }
      },
      {
        Sid       = "PublishersIntoEncryptedTopics"
        Effect    = "Allow"
        Principal = { Service = ["cloudwatch.amazonaws.com", "s3.amazonaws.com"] }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
      },
      {
        # EventBridge names no account when it publishes, so a condition would keep every event out.
        Sid       = "EventsIntoEncryptedTopics"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
      },
    ])
  }

  # Who wants to give the key up changes this policy first, in a reviewed plan.
  key_is_kept = {
    Sid       = "DenyLossOfTheKey"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = ["kms:DisableKey", "kms:ScheduleKeyDeletion"]
    Resource  = "*"
  }
}
