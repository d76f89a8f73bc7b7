"""What becomes of runs when the cloudstage stops."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dill
import pytest
from moto.glue.models import FakeJob, glue_backends

from cloudstage import glue
from cloudstage.glue.job_run import RUNNING, JobRun, runs_of
from cloudstage.patching import Patch

from .conftest import SETTINGS
from .signal_file import SignalFile
from .stage import GlueStage


def kept(stage: GlueStage, job: str) -> FakeJob:
    """The job as moto keeps it."""
    return glue_backends[stage.context.account_id][stage.context.region].jobs[job]


@contextmanager
def restarted(stage: GlueStage) -> Iterator[None]:
    """The cloudstage stops, and starts again with what it has kept."""
    stage.context.stop()
    yield
    glue.install(stage.context, Patch(), SETTINGS)
    stage.context.start()


def test_runs_are_ended_when_the_stage_stops(stage: GlueStage, signal_file: SignalFile) -> None:
    job = stage.job(f"{signal_file.says}\n{signal_file.waits}", MaxRetries=3)
    run_id = stage.start(job)
    signal_file.hear()

    with restarted(stage):
        run = stage.run(job, run_id)

    assert run["JobRunState"] == "FAILED"
    assert "cloudstage stopped" in run["ErrorMessage"]
    assert len(stage.glue.get_job_runs(JobName=job)["JobRuns"]) == 1


def test_a_run_that_a_killed_stage_has_left_running_is_failed(stage: GlueStage) -> None:
    job = stage.job("")
    finished = stage.ended(job)
    left = runs_of(kept(stage, job))[0].next_attempt()
    left.enter(RUNNING)

    with restarted(stage):
        runs_of(kept(stage, job)).append(left)

    run = stage.run(job, left.job_run_id)
    assert run["JobRunState"] == "FAILED"
    assert "cloudstage stopped" in run["ErrorMessage"]
    assert stage.run(job, finished["Id"])["JobRunState"] == "SUCCEEDED"


def test_what_a_killed_run_left_on_disk_is_removed(stage: GlueStage) -> None:
    leftover = stage.context.directory / "glue/jr_left/output.log"

    with restarted(stage):
        leftover.parent.mkdir(parents=True, exist_ok=True)
        leftover.touch()

    assert not leftover.exists()


def test_runs_are_part_of_a_snapshot(stage: GlueStage) -> None:
    job = stage.job("raise ValueError('boom')")
    stage.ended(job)
    (run,) = runs_of(kept(stage, job))

    again: JobRun = dill.loads(dill.dumps(run))  # noqa: S301 (made one line above)

    assert again.as_dict() == run.as_dict()


def test_a_stopped_stage_starts_runs_again_after_a_restart(stage: GlueStage) -> None:
    with restarted(stage):
        pass

    assert stage.ended(stage.job("print('again')"))["JobRunState"] == "SUCCEEDED"


@pytest.fixture(autouse=True)
def _other_tests_find_a_running_stage(stage: GlueStage) -> Iterator[None]:
    yield
    assert stage.ended(stage.job(""))["JobRunState"] == "SUCCEEDED"
