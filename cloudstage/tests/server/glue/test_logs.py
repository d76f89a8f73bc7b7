"""What a run prints is in CloudWatch Logs while it runs, where AWS Glue 5 puts it."""

from __future__ import annotations

from .signal_file import SignalFile
from .stage import GlueStage


def test_output_and_errors_of_the_script_are_in_the_output_group(stage: GlueStage) -> None:
    script = """
        import sys
        print("to stdout")
        print("to stderr", file=sys.stderr)
        print("grüße ☀")
        print()
        sys.stdout.write("without an end of line")
    """
    job = stage.job(script)
    run = stage.ended(job)

    assert run["LogGroupName"] == "/aws-glue/jobs"
    lines = stage.log("/aws-glue/jobs/output", f"{run['Id']}-driver")
    assert lines == ["to stdout", "to stderr", "grüße ☀", "without an end of line"]


def test_groups_and_streams_can_be_named(stage: GlueStage) -> None:
    job = stage.job(
        "print('here')",
        DefaultArguments={"--custom-logGroup-prefix": "/teams/blue/", "--custom-logStream-prefix": "nightly"},
    )

    run = stage.ended(job)

    assert run["LogGroupName"] == "/teams/blue"
    assert stage.log("/teams/blue/output", "nightly-driver") == ["here"]
    assert stage.log("/teams/blue/error", "nightly-driver") == []


def test_lines_are_readable_while_the_run_goes_on(stage: GlueStage, signal_file: SignalFile) -> None:
    job = stage.job(
        f"print('early'); print('half a li', end='')\n{signal_file.says}\n{signal_file.waits}\nprint('ne')"
    )
    run_id = stage.start(job)
    signal_file.hear()

    stage.wait_for_output(job, run_id, ["early"])
    state = stage.run(job, run_id)["JobRunState"]
    signal_file.release()
    stage.wait(job, run_id)

    assert state == "RUNNING"
    assert stage.output(job, run_id) == ["early", "half a line"]


def test_many_and_long_lines_arrive_in_order(stage: GlueStage) -> None:
    job = stage.job("for i in range(3000): print(i)\nprint('x' * 2_000_000)")

    run = stage.ended(job)

    events = stage.all_output(job, run["Id"])
    assert [line for line in events if line.isdigit()] == [str(number) for number in range(3000)]
    assert 200_000 < len(events[-1]) <= 256_000


def test_a_log_group_that_is_removed_meanwhile_does_not_fail_the_run(
    stage: GlueStage, signal_file: SignalFile
) -> None:
    job = stage.job(
        f"{signal_file.says}\n{signal_file.waits}\nprint('lost')",
        DefaultArguments={"--custom-logGroup-prefix": "/removed"},
    )
    run_id = stage.start(job)
    signal_file.hear()

    stage.context.client("logs").delete_log_group(logGroupName="/removed/output")
    signal_file.release()

    assert stage.wait(job, run_id)["JobRunState"] == "SUCCEEDED"
