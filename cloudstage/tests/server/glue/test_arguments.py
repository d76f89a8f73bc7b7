"""What a run's arguments mean."""

from __future__ import annotations

import pytest

from cloudstage.glue.arguments import JobArguments


@pytest.mark.parametrize(
    ("conf", "settings"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ("a=1 --conf b=2", {"a": "1", "b": "2"}),
        (" a = x y  --conf   b=k=v ", {"a": "x y", "b": "k=v"}),
        ("not a setting", {}),
    ],
)
def test_one_argument_can_hold_several_settings_of_spark(conf: str, settings: dict[str, str]) -> None:
    assert JobArguments({"--conf": conf}).spark_settings == settings


@pytest.mark.parametrize(
    ("formats", "uses"), [("iceberg", True), ("hudi, iceberg", True), ("hudi", False), ("", False)]
)
def test_iceberg_has_to_be_asked_for(formats: str, *, uses: bool) -> None:
    assert JobArguments({"--datalake-formats": formats}).uses_iceberg is uses


def test_lists_are_separated_by_commas() -> None:
    given = JobArguments({"--extra-py-files": " s3://a/b.zip,, s3://c/d.py ", "--extra-jars": ""})

    assert given.extra_py_files == ["s3://a/b.zip", "s3://c/d.py"]
    assert given.extra_jars == []
    assert given.python_modules == []


def test_a_run_knows_where_it_logs() -> None:
    assert JobArguments({}).log_group() == "/aws-glue/jobs"
    assert JobArguments({}).log_stream("jr_1") == "jr_1-driver"
