"""Raw files as three suppliers would deliver them: real measurements, which statsmodels carries.

Sources: the Mauna Loa CO2 record (Keeling & Whorf 2004), El Niño sea-surface temperatures (NOAA) and
yearly sunspot numbers (National Geophysical Data Center); https://www.statsmodels.org/stable/datasets/
"""

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any


def write_raw_files(directory: Path) -> list[Path]:
    """Write the files below a directory, each time the same bytes; return their paths relative to it."""
    files: dict[str, Callable[[], bytes]] = {
        "co2/co2.csv": _co2,
        "elnino/elnino.csv": _elnino,
        "sunspots/sunspots.csv.gz": lambda: gzip.compress(_sunspots(), mtime=0),
    }
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content())
    return [Path(name) for name in files]


def _co2() -> bytes:
    """Weekly, long: 2,284 weeks, 59 of them without a measurement."""
    from statsmodels.datasets import co2

    weeks = co2.load_pandas().data["co2"]
    rows = [(day.strftime("%Y%m%d"), "" if value != value else value) for day, value in weeks.items()]  # noqa: PLR0124
    return _csv(["date", "co2"], rows)


def _elnino() -> bytes:
    """Monthly, wide: 61 years with a column per month."""
    from statsmodels.datasets import elnino

    years = elnino.load_pandas().data
    return _csv(
        list(years.columns), [(int(year), *months) for year, *months in years.itertuples(index=False)]
    )


def _sunspots() -> bytes:
    """Yearly, long: 309 years."""
    from statsmodels.datasets import sunspots

    years = sunspots.load_pandas().data
    return _csv(list(years.columns), [(int(year), number) for year, number in years.itertuples(index=False)])


def _csv(header: list[str], rows: list[tuple[Any, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()
