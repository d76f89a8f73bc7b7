"""What a function's process runs: the Lambda runtime, as ``/var/runtime/bootstrap.py`` is on AWS.

Python puts this file's directory on ``sys.path``. It holds nothing but the client package, so the
checkout stays out of a function's sight.
"""

from lambda_runtime_client.loop import serve

serve()
