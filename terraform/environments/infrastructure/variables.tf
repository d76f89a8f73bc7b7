variable "aws_region" {
  description = "AWS region. Default: project.json."
  type        = string
  default     = null

  validation {
    condition     = var.aws_region == null || can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.aws_region))
    error_message = "aws_region must look like eu-central-1."
  }
}

variable "build_directory" {
  description = "Where `dst package` put the jobs' packages. Default: build/ of the repository."
  type        = string
  default     = null
}

variable "ds_notebook_instance_type" {
  description = "Instance type of the data scientists' notebook. Default: the stage's in project.json."
  type        = string
  default     = null

  validation {
    condition     = var.ds_notebook_instance_type == null || can(regex("^ml\\.[a-z0-9]+\\.[a-z0-9]+$", var.ds_notebook_instance_type))
    error_message = "ds_notebook_instance_type must look like ml.t3.medium."
  }
}

variable "etl_directory" {
  description = "Where the jobs are, one directory each. Default: etl/ of the repository."
  type        = string
  default     = null
}

variable "git_commit" {
  description = "Commit that is deployed; jobs write it into what they log and commit."
  type        = string
  default     = "unknown"
}

variable "git_repository" {
  description = "Repository this is deployed from. Default: project.json."
  type        = string
  default     = null
}

variable "project" {
  description = "Short name of the project, part of every resource's name. Default: project.json."
  type        = string
  default     = null

  validation {
    # 63 characters for a bucket, less 24 for the workspace, 12 for the account and "--quarantine-".
    condition     = var.project == null || can(regex("^[a-z][a-z0-9-]{0,12}[a-z0-9]$", var.project))
    error_message = "project must be 2 to 14 lower-case letters, digits or hyphens, and start with a letter."
  }
}

variable "project_id" {
  description = "Id of the project, a tag. Default: project.json."
  type        = string
  default     = null
}

variable "stage" {
  description = "Stage to deploy to, a key of \"stages\" in project.json: local, dev, int or prd."
  type        = string

  validation {
    condition     = contains(keys(local.configuration.stages), var.stage)
    error_message = "stage must be one of ${join(", ", keys(local.configuration.stages))} (project.json), got \"${var.stage}\"."
  }

  validation {
    condition     = terraform.workspace == "default" || contains(["dev", "local"], var.stage)
    error_message = "A feature workspace lives in dev or local, not in ${var.stage}: select the workspace default."
  }
}

variable "tag_KST" {
  description = "Cost centre, a tag. Default: project.json."
  type        = string
  default     = null
}

variable "wa_number" {
  description = "Number of the work order, a tag. Default: project.json."
  type        = string
  default     = null
}
