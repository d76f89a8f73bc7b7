"""Which Terraform workspace a branch gets, and which names a workspace may have."""

import hashlib
import re
from collections.abc import Mapping

from ops.errors import ConfigurationError

DEFAULT = "default"
"""The workspace of a stage's shared deployment."""

LONGEST = 40
"""Characters of a workspace's name; Terraform shortens it further where a resource's name must be shorter."""

_LEGAL = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SHARED_BRANCHES = ("main", "master")


def workspace_of(branch: str, ticket_prefixes: Mapping[str, str]) -> str:
    """Name the workspace of a branch: `feature/WEDATAIN-1234-some-feature` gives `we-1234-some-feature`.

    Two branches never share a name: wherever letters had to be changed or dropped, the name ends
    in a hash of the branch as it was.

    Raises:
        ConfigurationError: the branch names no ticket of a known prefix.
    """
    if branch in _SHARED_BRANCHES:
        return DEFAULT
    prefixes = "|".join(map(re.escape, ticket_prefixes))
    match = re.fullmatch(rf"feature/({prefixes})-([0-9]{{1,12}})(?:-(.+))?", branch, re.DOTALL | re.ASCII)
    if match is None:
        legal = ", ".join(f"feature/{prefix}-1234-some-feature" for prefix in ticket_prefixes)
        raise ConfigurationError(f"branch {branch!r} names no ticket; rename it like {legal}")
    prefix, number, words = match.groups()
    plain = "-".join(filter(None, [ticket_prefixes[prefix], number, words]))
    if len(plain) <= LONGEST and _LEGAL.fullmatch(plain):
        return plain
    digest = hashlib.sha256(branch.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower(), flags=re.ASCII)[: LONGEST - len(digest) - 1].strip("-")
    return f"{slug}-{digest}"


def check_workspace(name: str) -> str:
    """Return the name if a deployment may have it.

    Raises:
        ConfigurationError: it may not; Terraform would, for one, take `..` for the default state.
    """
    if len(name) > LONGEST or not _LEGAL.fullmatch(name):
        raise ConfigurationError(
            f"workspace {name!r} is not allowed; legal: up to {LONGEST} lower-case letters, digits and "
            "single hyphens, beginning with a letter, such as we-1234-some-feature"
        )
    return name
