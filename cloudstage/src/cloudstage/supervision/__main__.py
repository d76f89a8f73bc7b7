"""Run a command for as long as somebody holds the lifeline."""

import sys
from pathlib import Path

# It runs isolated: neither the environment's packages nor cloudstage itself can be imported.
sys.path.append(str(Path(__file__).parents[1]))

from supervision.lifeline import Lifeline
from supervision.supervisor import Supervisor, end_like, lease

CALLER_GONE = 1


def main(lifeline_path: Path, grace_seconds: float, holding: str, argv: list[str]) -> None:
    """Run ``argv``, and end as it ends."""
    try:
        lifeline = Lifeline(lifeline_path)
    except FileNotFoundError:
        sys.exit(CALLER_GONE)
    if lifeline.cut():
        lifeline.remove()
        sys.exit(CALLER_GONE)
    end_like(Supervisor(argv, grace_seconds).run(lifeline, lease(Path(holding)) if holding else None))


main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4:])
