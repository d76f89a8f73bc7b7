"""The local stage: AWS on this machine, with executors that make what is deployed really run."""
