"""Starting runs and asking for them, through the Glue API."""

from __future__ import annotations

import ast

import pytest

from .stage import GlueStage

PRINTS_ARGUMENTS = "import sys; print(sys.argv[1:])"


def arguments(stage: GlueStage, job: str, run_id: str) -> dict[str, str]:
    """The arguments the script was called with."""
    (line,) = stage.output(job, run_id)
    words = ast.literal_eval(line)
    return dict(zip(words[::2], words[1::2], strict=True))


def test_the_arguments_of_a_run_win_over_the_defaults(stage: GlueStage) -> None:
    job = stage.job(
        PRINTS_ARGUMENTS,
        DefaultArguments={"--stage": "local", "--day": "monday", "--fixed": "no"},
        NonOverridableArguments={"--fixed": "yes"},
    )

    run = stage.ended(job, Arguments={"--day": "friday", "--fixed": "maybe", "--empty": ""})

    expected = {"--stage": "local", "--day": "friday", "--fixed": "yes", "--empty": ""}
    assert run["Arguments"] == expected
    identity = {"--JOB_NAME": job, "--JOB_RUN_ID": run["Id"]}
    assert arguments(stage, job, run["Id"]) == expected | identity


def test_a_run_may_name_another_script(stage: GlueStage) -> None:
    other = stage.upload("other/main.py", b"print('the other one')")
    job = stage.job("print('the first one')")

    run = stage.ended(job, Arguments={"--scriptLocation": other})

    assert stage.output(job, run["Id"]) == ["the other one"]


def test_a_run_can_be_repeated(stage: GlueStage) -> None:
    job = stage.job(PRINTS_ARGUMENTS, DefaultArguments={"--day": "monday"})
    first = stage.ended(job, Arguments={"--day": "friday"})

    second = stage.ended(job, JobRunId=first["Id"])

    assert second["PreviousRunId"] == first["Id"]
    assert second["Id"] != first["Id"]
    assert second["Arguments"] == {"--day": "friday"}


def test_a_run_of_a_job_that_does_not_exist(stage: GlueStage) -> None:
    with pytest.raises(stage.glue.exceptions.EntityNotFoundException):
        stage.start("no-such-job")


def test_a_run_that_does_not_exist(stage: GlueStage) -> None:
    with pytest.raises(stage.glue.exceptions.EntityNotFoundException):
        stage.run(stage.job(""), "jr_unknown")


def test_runs_are_listed_page_by_page_the_newest_first(stage: GlueStage) -> None:
    job = stage.job("")
    started = [stage.ended(job)["Id"] for _ in range(3)]

    pages = stage.glue.get_paginator("get_job_runs").paginate(JobName=job, PaginationConfig={"PageSize": 2})

    assert [[run["Id"] for run in page["JobRuns"]] for page in pages] == [started[:0:-1], started[:1]]


def test_the_size_of_a_run_is_given_as_glue_gives_it(stage: GlueStage) -> None:
    job = stage.job("", WorkerType="G.1X", NumberOfWorkers=2)

    run = stage.ended(job, WorkerType="G.2X", NumberOfWorkers=5)

    assert (run["WorkerType"], run["NumberOfWorkers"], run["MaxCapacity"]) == ("G.2X", 5, 10.0)
    assert run["AllocatedCapacity"] == 10
