"""The two ways in which Athena refuses: at once, and by a query that ends as FAILED."""

from __future__ import annotations

# Athena's numbers for what a user did wrong, by the engine's name of the error, as measured on Athena
# engine version 3 and published in the README of the project athena-local (aoyagikouhei/athena-local).
_ERROR_TYPES = {
    "COLUMN_NOT_FOUND": 1006,
    "DIVISION_BY_ZERO": 1001,
    "FUNCTION_NOT_FOUND": 1303,
    "INVALID_CAST_ARGUMENT": 1100,
    "NOT_SUPPORTED": 1200,
    "SCHEMA_NOT_FOUND": 1301,
    "TABLE_NOT_FOUND": 1301,
    "TYPE_MISMATCH": 1002,
}
_OTHER_USER_ERROR = 1000
USER, SYSTEM = 2, 1


class InvalidRequest(Exception):  # noqa: N818 (Athena's name for it, without its suffix)
    """A request that Athena rejects; ``code`` is its AthenaErrorCode, ``exception`` the error's type."""

    def __init__(
        self, message: str, code: str = "INVALID_INPUT", exception: str = "InvalidRequestException"
    ) -> None:
        super().__init__(message)
        self.code = code
        self.exception = exception


class QueryFailed(Exception):  # noqa: N818 (a query's final state, not a fault of the cloudstage)
    """Why a query ends as FAILED: the engine's ``name`` of the error and a message for a person.

    The text is what GetQueryExecution gives as StateChangeReason. An empty ``name`` is for reasons that
    Athena reports without one.
    """

    def __init__(self, name: str, message: str, category: int = USER) -> None:
        super().__init__(f"{name}: {message}" if name else message)
        self.category = category
        self.error_type = _ERROR_TYPES.get(name, _OTHER_USER_ERROR)


class QueryCancelled(Exception):  # noqa: N818 (a query's final state, not a fault of the cloudstage)
    """Why a query ends as CANCELLED without its user having asked for it."""


def not_supported(message: str) -> QueryFailed:
    """The failure of a statement that Athena can run and a cloudstage can't."""
    return QueryFailed("NOT_SUPPORTED", message)
