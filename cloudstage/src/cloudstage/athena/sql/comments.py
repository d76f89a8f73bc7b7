"""Comments in a statement. dbt puts one before each, and a person leaves some anywhere."""

from __future__ import annotations

import re

# What a quote encloses comes first: nothing in it is a comment. A quote that is never closed encloses the rest.
_QUOTED_OR_COMMENT = re.compile(
    r"""(?P<quoted>'[^']*(?:'|$)|"[^"]*(?:"|$)|`[^`]*(?:`|$))|--[^\r\n]*|/\*.*?(?:\*/|$)""", re.DOTALL
)
_NOT_A_LINE_END = re.compile(r"[^\r\n]")


def blanked(sql: str) -> str:
    """``sql`` with blanks for its comments: as long as before, each line where it was."""
    return _QUOTED_OR_COMMENT.sub(_blank, sql)


def _blank(found: re.Match[str]) -> str:
    return found[0] if found["quoted"] else _NOT_A_LINE_END.sub(" ", found[0])
