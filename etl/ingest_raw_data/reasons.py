"""Why a raw record is not an observation."""

from enum import StrEnum


class ReasonCode(StrEnum):
    """The fixed list; the column `reason_code` of the table `observations_quarantine`."""

    # The whole file
    FORMAT_UNKNOWN = "format_unknown"
    FILE_EMPTY = "file_empty"
    FILE_UNREADABLE = "file_unreadable"
    HEADER_INVALID = "header_invalid"

    # A line
    NOT_UTF8 = "not_utf8"
    LINE_TOO_LONG = "line_too_long"
    MALFORMED_LINE = "malformed_line"
    COLUMN_COUNT = "column_count"
    INVALID_JSON = "invalid_json"

    # A field
    SIGNAL_NAME_MISSING = "signal_name_missing"
    SIGNAL_NAME_INVALID = "signal_name_invalid"
    TIME_MISSING = "time_missing"
    TIME_INVALID = "time_invalid"
    VALUE_MISSING = "value_missing"
    VALUE_NOT_A_NUMBER = "value_not_a_number"
    VALUE_NOT_FINITE = "value_not_finite"
    UNIT_MISSING = "unit_missing"
    UNIT_INVALID = "unit_invalid"


class RejectedError(Exception):
    """A record, or a whole file, can't be used.

    Attributes:
        code: why.
        reason: the same as a sentence, with the offending text.
    """

    def __init__(self, code: ReasonCode, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason
