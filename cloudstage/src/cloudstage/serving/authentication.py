"""Let nobody in who does not show, by a signature, that they have a key of the cloudstage."""

from __future__ import annotations

import datetime
import hmac
from collections.abc import Iterable
from typing import Any

from cloudstage.keys import KEY_OWNER, KeyOwner, Keys
from cloudstage.serving.anonymous import is_preflight, may_be_anonymous
from cloudstage.serving.gate import WSGIApplication
from cloudstage.serving.refusal import Reason, RefusedError, refuse
from cloudstage.serving.signatures import post_form, v2, v4
from cloudstage.serving.signatures.claim import Claim

_WRONG_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method."
)


class Authentication:
    """A WSGI application that verifies who sends a request, and leaves the answer to another.

    Args:
        application: what answers the requests whose sender is known.
        keys: the access keys that are known.
        account_id: the account whose S3 buckets may be public.
    """

    def __init__(self, application: WSGIApplication, keys: Keys, account_id: str) -> None:
        self._application = application
        self._keys = keys
        self._account_id = account_id

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        claim = None
        try:
            if not is_preflight(environ):  # it names the URL of a request to come, with its signature
                claim = v4.read(environ) or v2.read(environ) or post_form.read(environ)
            self._identify(claim, environ)
        except RefusedError as error:
            service = claim.service if claim else ""
            return refuse(environ, start_response, service, error.reason, str(error))
        return self._application(environ, start_response)

    def _identify(self, claim: Claim | None, environ: dict[str, Any]) -> None:
        if claim:
            environ[KEY_OWNER] = self._verified(claim, environ)
        elif not may_be_anonymous(environ, self._account_id):
            raise RefusedError(Reason.ANONYMOUS, "Access denied: the request is not signed.")

    def _verified(self, claim: Claim, environ: dict[str, Any]) -> KeyOwner:
        """The owner of the key that signed. Raises RefusedError as AWS would."""
        identity = self._keys.find(claim.access_key_id)
        if identity is None:
            raise RefusedError(
                Reason.UNKNOWN_KEY,
                f"The AWS Access Key Id {claim.access_key_id!r} is not known to this cloudstage. "
                'Use the keys of: eval "$(cloudstage env)"',
            )
        if not claim.matches(environ, identity.secret_access_key):
            raise RefusedError(Reason.WRONG_SIGNATURE, _WRONG_SIGNATURE)
        if not hmac.compare_digest(
            (identity.session_token or "").encode(), (claim.session_token or "").encode()
        ):
            raise RefusedError(Reason.INVALID_TOKEN, "The security token included in the request is invalid.")
        now = datetime.datetime.now(datetime.UTC)
        if identity.expires_at and now > identity.expires_at:
            raise RefusedError(Reason.EXPIRED_TOKEN, "The security token included in the request is expired")
        claim.check_time(now)
        return identity
