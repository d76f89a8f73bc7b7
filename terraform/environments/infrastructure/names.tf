locals {
  # A long workspace keeps its beginning and gains a few digits which keep it unique.
  workspace = (
    length(terraform.workspace) <= 24
    ? terraform.workspace
    : "${substr(terraform.workspace, 0, 19)}-${substr(sha1(terraform.workspace), 0, 4)}"
  )
  name     = "${local.workspace}-${local.project}"
  database = replace(local.name, "-", "_")

  # A job's name leaves room for "-failed" in the 64 characters of a role or a rule.
  full_job_names = { for directory, job in local.jobs : directory => "${local.name}-${replace(directory, "_", "-")}" }
  job_names = {
    for directory, name in local.full_job_names :
    directory => length(name) <= 57 ? name : "${substr(name, 0, 52)}-${substr(sha1(name), 0, 4)}"
  }
}
