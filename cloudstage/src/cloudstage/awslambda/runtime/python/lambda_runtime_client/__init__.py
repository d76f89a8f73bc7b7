"""Runtime client for Python functions: asks the Runtime API for events and hands them to the handler.

Written with the standard library alone, because it runs inside the function's own environment, where a
dependency of ours could hide one that the function's package forgot. Amazon's client (``awslambdaric``) is no
option: it is published as Linux wheels only, and functions run on macOS too.

Sources: the Lambda developer guide, "Using the Lambda runtime API" (version 2018-06-01), "Using the Lambda
context object to retrieve Python function information" and "Python function errors".
"""
