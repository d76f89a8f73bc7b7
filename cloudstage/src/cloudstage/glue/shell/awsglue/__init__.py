"""``awsglue`` as a Python shell job finds it."""
