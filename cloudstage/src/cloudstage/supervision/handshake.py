"""How the server of a cloudstage and those who hold, keep or stop it recognise each other.

Anybody on this machine may listen at a port where a server was, or ask the server that is there. So the server
proves, for a challenge, that it knows the secret of the directory and is the process in its record; and what is
asked of it needs a token that only the owner of the directory can read, and that belongs to one run of the
server: shown to somebody else who has taken the port meanwhile, it is worth nothing any more.
"""

from __future__ import annotations

import hashlib
import hmac
import json


def proof(secret: str, challenge: str, endpoint: str, directory: str, pid: int) -> str:
    """What the server at ``endpoint``, and no other, can answer to ``challenge``."""
    message = json.dumps(["cloudstage", challenge, endpoint, directory, pid])
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def authorization(token: str) -> str:
    """The value of the header Authorization for those who know ``token``."""
    return f"Bearer {token}"
