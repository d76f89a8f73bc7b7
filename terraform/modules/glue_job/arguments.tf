locals {
  artifacts = var.lake.buckets["artifacts"]

  default_arguments = merge(
    { for name, value in var.arguments : "--${name}" => value },
    {
      "--custom-logGroup-prefix" = local.log_prefix
      "--datalake-formats"       = "iceberg"
      "--enable-metrics"         = "true"
      "--extra-py-files"         = "s3://${aws_s3_object.package.bucket}/${aws_s3_object.package.key}"
      "--job-language"           = "python"
    },
    length(var.definition.python_modules) == 0 ? {} : {
      "--additional-python-modules" = join(",", var.definition.python_modules)
    },
  )
}
