# A data team's account in one project: network, lake, catalog, streams, functions, schedules, alarms. Written for AWS;
# nothing in it knows of cloudstage. `release` changes something in nearly every resource that can be changed in place.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "release" {
  type    = number
  default = 1
}

variable "function_zip" {
  type = string
}

variable "layer_zip" {
  type = string
}

provider "aws" {
  region            = "eu-west-1"
  s3_use_path_style = true
  default_tags {
    tags = { Team = "data", Release = "r${var.release}" }
  }
}

data "aws_caller_identity" "me" {}

data "aws_region" "here" {}

locals {
  account  = data.aws_caller_identity.me.account_id
  region   = data.aws_region.here.name
  services = ["ec2", "ecs-tasks", "events", "firehose", "glue", "lambda", "logs", "pipes", "s3", "sagemaker", "scheduler", "states"]
  zones    = toset(["raw", "curated", "results"])
}

# The bucket of an earlier time, made by hand.
import {
  to = aws_s3_bucket.legacy
  id = "legacy-${local.account}"
}

resource "aws_s3_bucket" "legacy" {
  bucket        = "legacy-${local.account}"
  force_destroy = true
}
