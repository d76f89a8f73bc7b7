"""The developer's side of the project: the `dst` command and what it needs. Never shipped to AWS."""
