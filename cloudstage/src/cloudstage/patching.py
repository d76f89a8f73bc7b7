"""Change moto's classes for this process, and take the change back."""

from __future__ import annotations

from typing import Any


class Patch:
    """Replaces attributes of moto's classes and remembers what was there."""

    def __init__(self) -> None:
        self._replaced: list[tuple[Any, str, Any]] = []

    def replace(self, owner: Any, name: str, value: Any) -> None:
        """Put ``value`` in the place of ``owner.name``, which may be missing so far."""
        self._replaced.append((owner, name, vars(owner).get(name)))
        setattr(owner, name, value)

    def undo(self) -> None:
        """Bring back everything that was replaced, the last first."""
        while self._replaced:
            owner, name, original = self._replaced.pop()
            if original is None:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
