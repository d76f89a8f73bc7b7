"""``cloudstage.json``: what other processes, and the server's next run, read about a cloudstage's server."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from cloudstage import private_files

FILE = "cloudstage.json"


@dataclass(frozen=True)
class Record:
    """What is, or was, running in a cloudstage's directory.

    Attributes:
        pid: the server's process.
        port: the port it listens on; the next server of this cloudstage takes the same if it can.
        region: the region of clients that name none.
        account_id: the AWS account it stands in for.
        endpoint: what clients use as AWS_ENDPOINT_URL.
        started_at: when it was ready, ISO 8601.
        moto_version: the moto it runs.
        token: lets the owner of the directory, who alone can read it, control this run of the server.
        moto_api: whether moto's own addresses are open.
        stopped_at: when it had saved everything and ended; None while it runs, or if it was killed.
    """

    pid: int
    port: int
    region: str
    account_id: str
    endpoint: str
    started_at: str
    moto_version: str
    token: str = dataclasses.field(repr=False)
    moto_api: bool = False
    stopped_at: str | None = None

    def write(self, directory: Path) -> None:
        """Write it, as a whole or not at all, for its owner only."""
        private_files.write(directory / FILE, json.dumps(dataclasses.asdict(self), indent=2) + "\n")


def read(directory: Path) -> Record | None:
    """The record in ``directory``; None if there is none, or none that can be read."""
    try:
        return Record(**json.loads((directory / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
