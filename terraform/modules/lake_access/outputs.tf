output "statements" {
  description = "IAM policy statements that allow exactly what was asked for."
  value       = local.statements
}
