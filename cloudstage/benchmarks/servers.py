"""The servers that are compared: how each is started, and which process it is."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cloudstage.configuration import Configuration
from cloudstage.lifecycle import Cloudstage

REGION = "us-east-1"
MINISTACK = "1.5.33"
PATIENCE_SECONDS = 120
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "cloudstage" / "benchmarks"


class Server(ABC):
    """A server that speaks AWS's protocols; it starts when it is first asked for a client."""

    name: str
    version: str

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.pid = 0
        self.environment = {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
        }

    def ensure(self) -> None:
        """Start it unless it runs."""
        if not self.pid:
            self.start()

    @abstractmethod
    def start(self) -> None:
        """Start it, and wait for its first answer."""

    @abstractmethod
    def stop(self) -> None:
        """End it."""

    def client(self, service: str) -> Any:
        """A client of it."""
        self.ensure()
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=32),
        )

    def wait_for_an_answer(self) -> None:
        """Ask until there is an answer."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        client = self.client("sqs")
        while time.monotonic() < deadline:
            try:
                client.list_queues()
            except (BotoCoreError, ClientError):
                time.sleep(0.01)
            else:
                return
        raise TimeoutError(f"{self.name} did not answer within {PATIENCE_SECONDS} seconds")


class CloudstageServer(Server):
    """cloudstage, as ``cloudstage up`` starts it."""

    name = "cloudstage"
    version = version("cloudstage")

    def start(self) -> None:
        """Start it, and wait for its first answer."""
        self._stage = Cloudstage(self.scratch / "stage", Configuration(region=REGION))
        running = self._stage.up()
        self.endpoint, self.pid, self.environment = running.endpoint, running.pid, running.environment()
        self.wait_for_an_answer()

    def stop(self) -> None:
        """End it."""
        if self.pid:
            self._stage.delete()
            self.pid = 0


class ProcessServer(Server):
    """One that is a command."""

    def start(self) -> None:
        """Start it, and wait for its first answer."""
        with (self.scratch / "log").open("wb") as log:
            self._process = subprocess.Popen(
                self.command(),
                env=os.environ | self.settings(),
                cwd=self.scratch,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.pid = self._process.pid
        self.wait_for_an_answer()

    def stop(self) -> None:
        """End it."""
        if self.pid:
            self._process.terminate()
            self._process.wait()
            self.pid = 0

    @abstractmethod
    def command(self) -> list[str]:
        """What is run."""

    def settings(self) -> dict[str, str]:
        """What its environment has beside the usual."""
        return {}


class MotoServer(ProcessServer):
    """moto's own server, as ``moto_server`` starts it."""

    name = "moto"
    version = version("moto")

    def command(self) -> list[str]:
        """What is run."""
        return [sys.executable, "-m", "moto.server", "-p", str(self.port)]


class MiniStack(ProcessServer):
    """MiniStack, which keeps everything in memory unless told otherwise: the default is what is measured."""

    name = "MiniStack"
    version = MINISTACK

    def command(self) -> list[str]:
        """What is run; installs it first, which does not count."""
        home = CACHE / f"ministack-{MINISTACK}"
        program = home / "bin" / "ministack"
        if not program.exists():
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
            pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", f"ministack=={MINISTACK}"]
            subprocess.run(pip, check=True)
        return [str(program)]

    def settings(self) -> dict[str, str]:
        """What its environment has beside the usual."""
        return {"GATEWAY_PORT": str(self.port)}


PEERS = (CloudstageServer, MotoServer, MiniStack)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])
