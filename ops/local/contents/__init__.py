"""What is in a local stage: saved shortly after it changes, restored when the stage starts."""
