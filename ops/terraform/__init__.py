"""Terraform as the `dst` command runs it: which binary, which provider mirror, which state."""
