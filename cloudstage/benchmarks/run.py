"""How fast a cloudstage is, beside its peers on the same machine: ``python benchmarks/run.py``.

Prints one row for each measurement and one column for each server: cloudstage, moto's own server, and MiniStack,
which is installed from PyPI into an environment of its own. The last columns say how many times better cloudstage
is. ``--only WORD`` picks measurements, ``--json FILE`` keeps the numbers with the machine and the versions.
Nothing here passes or fails. Close other programs before you compare runs; within a run, the servers take
turns on the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from measurements import MEASUREMENTS, Unsupported
from servers import PEERS, Server

Results = dict[str, dict[str, float | str]]


def main() -> int:
    """Measure everything on every server and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", help="measure only what has this in its name")
    parser.add_argument("--json", type=Path, help="write the numbers to this file, too")
    arguments = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or else each start compiles everything again
    chosen = {name: measure for name, measure in MEASUREMENTS.items() if arguments.only in name}
    results: Results = {name: {} for name in chosen}
    versions: dict[str, str] = {}
    for peer in PEERS:
        with tempfile.TemporaryDirectory() as scratch:
            server = peer(Path(scratch))
            versions[server.name] = server.version
            try:
                for name, measure in chosen.items():
                    results[name][server.name] = value = attempt(measure, server)
                    print(f"{server.name}: {name}: {value}", file=sys.stderr)
            finally:
                server.stop()
    print(table(results, list(versions)))
    facts = machine()
    print(f"\n{facts['processor']}, {facts['cores']} cores, {facts['system']}, Python {facts['python']}; "
          + ", ".join(f"{name} {number}" for name, number in versions.items()))  # fmt: skip
    if arguments.json:
        everything = {"machine": facts, "versions": versions, "results": results}
        arguments.json.write_text(json.dumps(everything, indent=2) + "\n")
    return 0


def attempt(measure: Any, server: Server) -> float | str:
    """The measured value, or why there is none."""
    try:
        return float(measure(server))
    except Unsupported as reason:
        return f"not supported: {reason}"
    except Exception as error:  # whatever a peer answers, the others are still to be measured
        return f"failed: {type(error).__name__}: {error}".splitlines()[0]


def table(results: Results, names: list[str]) -> str:
    """The results as text: a row for each measurement."""
    rows = [["", *names, *(f"÷ {name}" for name in names[1:])]]
    notes: list[str] = []
    for measurement, values in results.items():
        row = [measurement]
        for name in names:
            value = values[name]
            if isinstance(value, str):
                notes.append(f"{measurement}, {name}: {value}")
                row.append("-")
            else:
                row.append(f"{value:,.2f}" if value < 10 else f"{value:,.0f}")
        row += [ratio(values, name) for name in names[1:]]
        rows.append(row)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in
             enumerate(zip(row, widths, strict=True))) for row in rows]  # fmt: skip
    return "\n".join([*lines, *(["", *notes] if notes else [])])


def ratio(values: dict[str, float | str], name: str) -> str:
    """What cloudstage's value is of another's."""
    own, other = values["cloudstage"], values[name]
    return f"{own / other:.2f}" if isinstance(own, float) and isinstance(other, float) and other else "-"


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    try:
        facts = Path("/proc/cpuinfo").read_text()
        model = next(line.partition(":")[2].strip() for line in facts.splitlines() if "model name" in line)
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "boto3": version("boto3"),
    }


if __name__ == "__main__":
    sys.exit(main())
