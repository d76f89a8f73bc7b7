# Bucket, key and locking come with `terraform init -backend-config=…`: they differ by account, and `dst` knows them.
terraform {
  backend "s3" {}
}
