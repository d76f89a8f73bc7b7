"""Timed steps, shown while they go: a spinner on a terminal, plain lines elsewhere."""

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console

Say = Callable[[str], None]


class Steps:
    """Names each step, shows its last news, and remembers how long it took.

    Attributes:
        seconds: a step's name to how long it took.
    """

    def __init__(self, console: Console) -> None:
        self.seconds: dict[str, float] = {}
        self._console = console

    def note(self, text: str) -> None:
        """Say something that is no step."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Say]:
        """Run one step; what the block yields takes its news."""
        begin = time.monotonic()
        if self._console.is_terminal:
            with self._console.status(name) as spinner:
                width = self._console.width - 4
                yield lambda news: spinner.update(f"{name}: {news}"[:width])
        else:
            self._console.print(f"{name} …", markup=False, highlight=False)
            yield lambda news: self._console.print(f"  {news}", markup=False, highlight=False, soft_wrap=True)
        self.seconds[name] = time.monotonic() - begin
        self._console.print(f"[green]✓[/] {name} [dim]{self.seconds[name]:.1f} s[/]", highlight=False)
