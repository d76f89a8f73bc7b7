"""What starts functions besides queues: buckets, topics and rules; none waits for the function to end."""
