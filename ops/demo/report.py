"""The demo's last page: what was deployed, what the job did, what the table says."""

import plotext
from rich.console import Console

from ops import athena
from ops.jobs.glue_run import Outcome
from ops.terraform.state import Deployed

OVERVIEW = """
SELECT signal_name, unit, count(*) AS observations,
       min(date(observed_at)) AS first, max(date(observed_at)) AS last, round(avg(value), 2) AS mean
FROM observations GROUP BY signal_name, unit ORDER BY signal_name
"""

BY_YEAR = """
SELECT observed_year, avg(value) AS value
FROM observations WHERE signal_name = 'co2' GROUP BY observed_year ORDER BY observed_year
"""

QUARANTINED = """
SELECT reason_code, count(*) AS lines, max_by(reason, line_number) AS for_instance
FROM observations_quarantine GROUP BY reason_code ORDER BY reason_code
"""

QUERIES = (OVERVIEW, QUARANTINED, BY_YEAR)


def job(console: Console, outcome: Outcome) -> None:
    """What the job says it did."""
    said = outcome.summary
    console.print(
        f"Read {said.get('rows_read', 0):,} rows from {said.get('files_new', 0)} new files "
        f"({said.get('files_known', 0)} known), wrote {said.get('rows_written', 0):,}, "
        f"quarantined {said.get('rows_quarantined', 0):,}.",
        highlight=False,
    )
    for reason, count in said.get("quarantined_by_reason", {}).items():
        console.print(f"  {count:>6,}  {reason}", highlight=False)
    snapshot = said.get("snapshot_id") or "unchanged"
    console.print(f"Snapshot {snapshot}, run {outcome.run_id}", highlight=False, soft_wrap=True)


def plot(console: Console, by_year: athena.Result) -> None:
    """A small curve of the yearly means."""
    years = [int(row[0] or 0) for row in by_year.rows]
    values = [float(row[1] or 0) for row in by_year.rows]
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(min(console.width, 72), 12)
    plotext.plot(years, values, marker="braille" if console.encoding.startswith("utf") else "*")
    plotext.title("Carbon dioxide at Mauna Loa, yearly mean (ppm)")
    console.print(plotext.uncolorize(plotext.build()), markup=False, highlight=False)


def next_steps(console: Console, kept: bool) -> None:
    """What to try now."""
    begin = [] if kept else [("dst up", "start the cloudstage again, with everything that is in it")]
    steps: list[tuple[str, str]] = [
        *begin,
        ("dst status", "what is deployed, and where"),
        ("dst run ingest_raw_data", "start the deployed job yourself"),
        ('dst query "SELECT * FROM observations LIMIT 5"', "SQL, as Athena has it"),
        ('eval "$(dst env)"', "point the AWS CLI, boto3 or a notebook at it"),
        ("dst down", "stop it"),
    ]
    console.print("\nTry next (with .venv/bin on your PATH):", highlight=False)
    for command, purpose in steps:
        console.print(f"  {command:<48} {purpose}", markup=False, highlight=False, soft_wrap=True)


def times(console: Console, seconds: dict[str, float]) -> None:
    """How long each step took."""
    total = sum(seconds.values())
    parts = ", ".join(f"{name.lower()} {value:.0f} s" for name, value in seconds.items())
    console.print(f"\nTook {total:.0f} s: {parts}.", highlight=False, soft_wrap=True)


def deployed(console: Console, made: Deployed) -> None:
    """What Terraform manages now."""
    outputs = made.outputs
    jobs = ", ".join(sorted(outputs["jobs"]))
    console.print(
        f"\nDeployed: {made.resources} resources in workspace {outputs['workspace']!r} of stage {outputs['stage']!r}: "
        f"jobs {jobs}; database {outputs['database']}; buckets {', '.join(sorted(outputs['buckets']))}.",
        highlight=False,
        soft_wrap=True,
    )
