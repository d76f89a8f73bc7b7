"""The key pair of a cloudstage's administrator: random, made when the cloudstage first starts."""

from __future__ import annotations

import dataclasses
import json
import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from cloudstage import private_files

FILE = "credentials.json"
_KEY_ID_CHARACTERS = string.ascii_uppercase + "234567"


@dataclass(frozen=True)
class Credentials:
    """A key pair, as AWS's clients take it."""

    access_key_id: str
    secret_access_key: str = dataclasses.field(repr=False)


def read(directory: Path) -> Credentials | None:
    """The key pair of the cloudstage in ``directory``; None if it has none yet."""
    try:
        return Credentials(**json.loads((directory / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def ensure(directory: Path) -> Credentials:
    """The key pair of the cloudstage in ``directory``, made if it has none; only its owner can read it."""
    if known := read(directory):
        return known
    made = generate()
    private_files.write(directory / FILE, json.dumps(dataclasses.asdict(made)))
    return made


def generate() -> Credentials:
    """A new random key pair."""
    key_id = "AKIA" + "".join(secrets.choice(_KEY_ID_CHARACTERS) for _ in range(16))
    return Credentials(key_id, secrets.token_urlsafe(30))
