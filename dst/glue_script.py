"""What Glue starts, the same for every job: `python -m etl.<job>.main` for the one job the package holds.

Glue runs a file, not a module, and a file can't use relative imports. Run like this, a job's modules
import each other relatively, so that a job copied to a new directory runs its own code and no other's.
"""

import importlib.resources
import runpy

if __name__ == "__main__":
    jobs = [
        each.name
        for each in importlib.resources.files("etl").iterdir()
        if each.joinpath("job.json").is_file()
    ]
    if len(jobs) != 1:
        raise SystemExit(
            f"the package holds the jobs {sorted(jobs)}, not one; start one with: python -m etl.<job>.main"
        )
    runpy.run_module(f"etl.{jobs[0]}.main", run_name="__main__", alter_sys=True)
