"""Whose access key a request is signed with."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from moto.iam.models import AccessKey, IAMBackend, iam_backends
from moto.sts.models import AssumedRole, sts_backends
from moto.utilities.utils import PARTITION_NAMES, get_partition

from cloudstage.credentials import Credentials

KEY_OWNER = "cloudstage.key_owner"
"""Where a verified request's WSGI environment holds its KeyOwner; missing from anonymous ones."""


@dataclass(frozen=True)
class KeyOwner:
    """The owner of an access key.

    Attributes:
        access_key_id: the key's name, which requests carry.
        secret_access_key: what requests are signed with.
        session_token: what requests must carry beside the signature if the key is a temporary one.
        principal_arn: the user, the session of a role, or the account itself.
        is_administrator: whether this is the cloudstage's own key, which may do everything.
        expires_at: the end of a temporary key; None if it has none.
    """

    access_key_id: str
    secret_access_key: str = dataclasses.field(repr=False)
    session_token: str | None = dataclasses.field(repr=False)
    principal_arn: str
    is_administrator: bool
    expires_at: datetime.datetime | None = None


class Keys:
    """The access keys that open one cloudstage: its administrator's, and those made in its IAM and STS."""

    def __init__(self, administrator: Credentials, account_id: str, region: str) -> None:
        self._administrator = KeyOwner(
            administrator.access_key_id,
            administrator.secret_access_key,
            session_token=None,
            principal_arn=f"arn:{get_partition(region)}:iam::{account_id}:root",
            is_administrator=True,
        )
        self._sessions: dict[str, AssumedRole] = {}

    def find(self, access_key_id: str) -> KeyOwner | None:
        """The owner of a key; None if it is unknown, inactive or deleted. An expired one is still found."""
        if access_key_id == self._administrator.access_key_id:
            return self._administrator
        for iam in _iam_backends():
            # moto keeps keys here that their users have deleted; it knows no other way to find one by its id.
            key = iam.access_keys.get(access_key_id)
            if key is not None:
                return self._session(key, iam) if key.user_name is None else _user(key, iam)
        return None

    def _session(self, key: AccessKey, iam: IAMBackend) -> KeyOwner | None:
        session = self._sessions.get(key.access_key_id)
        if session is None or session.access_key is not key:
            sessions = sts_backends[iam.account_id][iam.partition].assumed_roles
            found = (it for it in reversed(sessions) if it.access_key_id == key.access_key_id)
            session = next(found, None)
        if session is None:
            return None
        self._sessions[key.access_key_id] = session
        return KeyOwner(
            session.access_key_id,
            session.secret_access_key,
            session.session_token,
            session.arn,
            is_administrator=False,
            expires_at=session.expiration.replace(tzinfo=datetime.UTC),
        )


def _iam_backends() -> Iterator[IAMBackend]:
    for account in list(iam_backends.values()):
        for partition in PARTITION_NAMES:
            if partition in account:
                yield account[partition]


def _user(key: AccessKey, iam: IAMBackend) -> KeyOwner | None:
    for user in list(iam.users.values()):
        if key in user.access_keys and key.status == "Active":
            return KeyOwner(
                key.access_key_id,
                key.secret_access_key,
                session_token=None,
                principal_arn=user.arn,
                is_administrator=False,
            )
    return None
