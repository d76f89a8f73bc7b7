# A job is a directory with a job.json: a new one is deployed without a change here.
locals {
  build_directory = coalesce(var.build_directory, "${local.repository}/build")
  etl_directory   = coalesce(var.etl_directory, "${local.repository}/etl")

  jobs = {
    for file in fileset(local.etl_directory, "*/job.json") :
    dirname(file) => jsondecode(file("${local.etl_directory}/${file}"))
  }

  # What every job is told about the deployment it runs in.
  deployment_arguments = merge(
    {
      database   = module.catalog.database
      git_commit = var.git_commit
      project    = local.project
      region     = local.aws_region
      stage      = var.stage
      workspace  = terraform.workspace
    },
    { for zone, bucket in module.data_lake.buckets : "${zone}_uri" => "s3://${bucket}" },
  )
  zone_addresses = { for zone, bucket in module.data_lake.buckets : "{${zone}}" => "s3://${bucket}" }
  job_arguments = {
    for directory, job in local.jobs : directory => merge(local.deployment_arguments, {
      for name, value in try(job.arguments, {}) : name => join("", [
        # "{raw}/signals/" falls into "{raw}" and "/signals/"; what names a zone becomes its address.
        for part in regexall("{[a-z]+}|[^{]+|{", value) : lookup(local.zone_addresses, part, part)
      ])
    })
  }
}

module "glue_job" {
  source   = "../../modules/glue_job"
  for_each = { for directory, job in local.jobs : directory => job if job.kind == "glue" }

  alarm_topic_arn    = module.alerting.topic_arn
  arguments          = local.job_arguments[each.key]
  default_workers    = local.settings.glue_workers
  definition         = each.value
  directory          = each.key
  glue_version       = local.configuration.versions.glue
  lake               = local.lake
  log_retention_days = local.settings.log_retention_days
  name               = local.job_names[each.key]
  package_path       = "${local.build_directory}/${each.key}.zip"
  schedule_enabled   = local.in_default_workspace
  script_path        = "${local.repository}/dst/glue_script.py"
}

module "lambda_job" {
  source   = "../../modules/lambda_job"
  for_each = { for directory, job in local.jobs : directory => job if job.kind == "lambda" }

  alarm_topic_arn       = module.alerting.topic_arn
  arguments             = local.job_arguments[each.key]
  definition            = each.value
  directory             = each.key
  lake                  = local.lake
  log_retention_days    = local.settings.log_retention_days
  name                  = local.job_names[each.key]
  package_path          = "${local.build_directory}/${each.key}.zip"
  python_version        = local.configuration.versions.lambda_python
  raw_objects_topic_arn = module.data_lake.raw_objects_topic_arn
  schedule_enabled      = local.in_default_workspace
}
