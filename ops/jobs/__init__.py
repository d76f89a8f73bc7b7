"""Start deployed jobs, follow them, read their logs: only through AWS's own interfaces."""
