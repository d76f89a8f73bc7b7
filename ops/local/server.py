"""One local stage in the foreground: ``python -m ops.local.server DIRECTORY``."""

from __future__ import annotations

import datetime
import importlib
import importlib.util
import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from ops.local.context import StageContext
from ops.local.environment import client_environment, process_environment

HOST = "127.0.0.1"
ACCOUNT_ID = "123456789012"


def _settings(port: int) -> dict[str, str]:
    return {"MOTO_PORT": str(port), "MOTO_ACCOUNT_ID": ACCOUNT_ID}


def _install(context: StageContext) -> None:
    for name in ("glue", "athena", "awslambda"):
        if importlib.util.find_spec(f"ops.local.{name}"):
            importlib.import_module(f"ops.local.{name}").install(context)


def main(argv: list[str]) -> int:
    """Serve the stage kept in the directory ``argv[0]`` until told to stop."""
    directory = Path(argv[0]).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    region = json.loads((Path(__file__).parents[2] / "project.json").read_text())["aws_region"]
    from werkzeug.serving import make_server

    try:
        remembered = json.loads((directory / "stage.json").read_text())["port"]
    except (OSError, ValueError, KeyError):
        remembered = 0
    try:
        listener = socket.create_server((HOST, remembered), backlog=128)
    except OSError:
        listener = socket.create_server((HOST, 0), backlog=128)
    port = listener.getsockname()[1]
    endpoint = f"http://{HOST}:{port}"
    os.environ.update(process_environment(os.environ, endpoint, region) | _settings(port))

    import moto
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )

    context = StageContext(directory, endpoint, region, ACCOUNT_ID, client_environment(endpoint, region))
    if importlib.util.find_spec("ops.local.adapters"):
        importlib.import_module("ops.local.adapters").install()
    _install(context)

    class Quiet(MotoRequestHandler):
        def log_request(self, *_: Any) -> None:
            """Requests are not logged."""

    application = DomainDispatcherApplication(create_backend_app)
    server = make_server(HOST, port, application, threaded=True, request_handler=Quiet, fd=listener.fileno())
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    temporary = directory / "stage.json.new"
    temporary.write_text(
        json.dumps(
            {
                "pid": os.getpid(),
                "port": port,
                "endpoint": endpoint,
                "started_at": datetime.datetime.now(datetime.UTC).isoformat(),
                "moto_version": moto.__version__,
            }
        )
    )
    temporary.replace(directory / "stage.json")
    context.start()
    stopping.wait()
    context.stop()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
