# A small shop's pipeline: files of orders arrive in S3, a function keeps each order in DynamoDB, a nightly job
# makes Parquet of them, and analysts ask Athena. Written for AWS; nothing in it knows of cloudstage.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region            = "eu-west-1"
  s3_use_path_style = true
}

variable "worker_zip" {
  type = string
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.name
  catalog = "arn:aws:glue:${local.region}:${local.account}"
}

resource "aws_s3_bucket" "shop" {
  bucket        = "corner-shop-${local.account}"
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "shop" {
  bucket                  = aws_s3_bucket.shop.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "shop" {
  bucket = aws_s3_bucket.shop.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}
