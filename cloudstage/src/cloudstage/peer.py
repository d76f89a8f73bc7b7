"""Talk to the server of a cloudstage about itself; see ``cloudstage.serving.control`` for the addresses."""

from __future__ import annotations

import hmac
import http.client
import json
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cloudstage.errors import ServerError
from cloudstage.supervision.handshake import authorization, proof

ANSWER_SECONDS = 20.0
"""A laptop that runs Spark may keep the server waiting, but not this long."""


@dataclass(frozen=True)
class Peer:
    """The server at ``endpoint``, if there is one. No proxy is asked, whatever the environment says.

    Every method raises ServerError if something accepts the request and does not answer it.

    Attributes:
        endpoint: where it should be.
        token: from its record; it is worth nothing to anybody else who may be there.
    """

    endpoint: str
    token: str = field(repr=False)

    def serves(self, directory: Path, pid: int, secret: str) -> bool:
        """Whether the process ``pid`` answers there for the cloudstage in ``directory``, and knows its secret."""
        challenge = secrets.token_urlsafe()
        answer = self._ask("GET", f"stage?challenge={challenge}")
        expected = proof(secret, challenge, self.endpoint, str(directory), pid)
        return answer is not None and hmac.compare_digest(
            str(answer.get("proof")).encode(), expected.encode()
        )

    def keep(self) -> bool:
        """Let it run until it is told to stop; False if it is stopping or gone."""
        return self._ask("POST", "keep") is not None

    def release(self, holder: str) -> bool:
        """End the hold of ``holder``; returns whether the server stops now, or is gone."""
        answer = self._ask("POST", f"release?holder={holder}")
        return answer is None or bool(answer["stopping"])

    def lease(self, holder: str) -> http.client.HTTPResponse | None:
        """Hold the cloudstage for as long as the returned response is open; None if it is stopping or gone."""
        connection = self._connection()
        try:
            connection.request("GET", f"/_cloudstage/lease?holder={holder}", headers=self._headers())
            response = connection.getresponse()
        except TimeoutError:
            connection.close()
            raise self._silence() from None
        except (OSError, http.client.HTTPException):
            connection.close()
            return None
        if response.status != HTTPStatus.OK:
            connection.close()
            return None
        return response

    def _headers(self) -> dict[str, str]:
        return {"Authorization": authorization(self.token)}

    def _silence(self) -> ServerError:
        return ServerError(
            f"The cloudstage at {self.endpoint} did not answer within {ANSWER_SECONDS:.0f} seconds. "
            "Stop it: cloudstage down"
        )

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.endpoint).netloc, timeout=ANSWER_SECONDS)

    def _ask(self, method: str, address: str) -> dict[str, Any] | None:
        connection = self._connection()
        try:
            connection.request(method, f"/_cloudstage/{address}", headers=self._headers())
            response = connection.getresponse()
            answer = json.loads(response.read())
        except TimeoutError:
            raise self._silence() from None
        except (OSError, ValueError, http.client.HTTPException):  # nobody, or somebody else, is at this port
            return None
        finally:
            connection.close()
        return answer if response.status == HTTPStatus.OK and isinstance(answer, dict) else None
