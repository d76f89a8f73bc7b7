"""Talk to the server of a cloudstage about itself; see ``cloudstage.serving.control`` for the addresses."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from cloudstage.errors import ServerError

ANSWER_SECONDS = 20.0
"""A laptop that runs Spark may keep the server waiting, but not this long."""


@dataclass(frozen=True)
class Peer:
    """The server at ``endpoint``, if there is one. No proxy is asked, whatever the environment says.

    Every method raises ServerError if something accepts the request and does not answer it.
    """

    endpoint: str

    def identity(self) -> dict[str, Any] | None:
        """Which cloudstage answers; None if none does."""
        return self._ask("GET", "stage")

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
            connection.request("GET", f"/_cloudstage/lease?holder={holder}")
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
            connection.request(method, f"/_cloudstage/{address}")
            response = connection.getresponse()
            answer = json.loads(response.read())
        except TimeoutError:
            raise self._silence() from None
        except (OSError, ValueError, http.client.HTTPException):  # nobody, or somebody else, is at this port
            return None
        finally:
            connection.close()
        return answer if response.status == HTTPStatus.OK and isinstance(answer, dict) else None
