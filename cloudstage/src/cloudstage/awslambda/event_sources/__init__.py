"""Event source mappings: messages of SQS queues are handed to functions, as Lambda's pollers do."""
