"""Python shell jobs: Python 3.9 with the packages that AWS Glue has there, and no Spark."""

from __future__ import annotations

from typing import Any

import pytest

from cloudstage.runtimes import interpreters

from .stage import GlueStage

PYTHON = "3.9" if interpreters.bring("3.9") else "3.11"
"""What a shell job gets on this machine."""


def shell_job(stage: GlueStage, script: str, python: str = "3.9", **definition: Any) -> str:
    job = stage.job(script)
    location = stage.glue.get_job(JobName=job)["Job"]["Command"]["ScriptLocation"]
    command = {"Name": "pythonshell", "PythonVersion": python, "ScriptLocation": location}
    stage.glue.create_job(Name=f"{job}-shell", Role="r", Command=command, **definition)
    return f"{job}-shell"


def test_a_shell_job_runs(stage: GlueStage) -> None:
    script = """
    import sys
    import boto3, pandas
    from awsglue.utils import getResolvedOptions
    print("%d.%d" % sys.version_info[:2])
    print(getResolvedOptions(sys.argv, ["table"])["table"], sys.argv[1])
    print("to standard error", file=sys.stderr)
    boto3.client("s3").put_object(Bucket="deployed", Key="by-shell", Body=b"here")
    """
    job = shell_job(stage, script, DefaultArguments={"--table": "t"}, MaxCapacity=1.0)

    run = stage.ended(job)

    output, errors = (
        stage.log(f"/aws-glue/python-jobs/{name}", f"{run['Id']}-driver") for name in ("output", "error")
    )
    assert run["JobRunState"] == "SUCCEEDED", (run, errors)
    assert (run["LogGroupName"], run["MaxCapacity"]) == ("/aws-glue/python-jobs", 1.0)
    assert output == [PYTHON, "t --scriptLocation"]
    assert "to standard error" in errors
    assert stage.read("by-shell") == "here"


def test_the_library_set_none_has_no_pandas(stage: GlueStage) -> None:
    job = shell_job(stage, "import boto3, pandas", DefaultArguments={"--library-set": "none"})

    run = stage.ended(job)

    assert run["MaxCapacity"] == 0.0625
    assert run["ErrorMessage"].startswith("ModuleNotFoundError: No module named 'pandas'")


def test_another_library_set_is_refused(stage: GlueStage) -> None:
    run = stage.ended(shell_job(stage, "", DefaultArguments={"--library-set": "all"}))

    assert run["ErrorMessage"] == "library-set has 'all', the library sets are analytics and none"


def test_another_python_is_said_to_be_missing(stage: GlueStage) -> None:
    run = stage.ended(shell_job(stage, "", python="3.6"))

    assert run["JobRunState"] == "SUCCEEDED"
    [line] = stage.log("/aws-glue/python-jobs/error", f"{run['Id']}-driver")
    assert line.startswith(
        f"Python 3.6 is not available here; this run uses Python {PYTHON} with the packages of"
    )


@pytest.mark.parametrize("name", ["glueray", "gluestreaming"])
def test_other_commands_are_refused_by_name(stage: GlueStage, name: str) -> None:
    job = stage.job("", Command={"Name": name, "ScriptLocation": "s3://deployed/x.py"})

    assert f"not {name!r}; change the command's name" in stage.ended(job)["ErrorMessage"]


def test_another_glue_version_runs_in_the_one_that_is_here(stage: GlueStage) -> None:
    run = stage.ended(stage.job("print('ran')", GlueVersion="4.0"))

    assert run["JobRunState"] == "SUCCEEDED"
    assert stage.output(run["JobName"], run["Id"]) == ["ran"]
    assert stage.log("/aws-glue/jobs/error", f"{run['Id']}-driver") == [
        "Glue 4.0 is not available here; this run uses 5.1's Spark 3.5.6 and Python 3.11"
    ]
