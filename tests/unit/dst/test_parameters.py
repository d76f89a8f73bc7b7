"""Parameters: what is understood, what is refused, and that nothing of Glue's own is in the way."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dst import parameters
from dst.errors import ParameterError
from dst.s3_uri import S3Uri


class Mode(enum.Enum):
    FULL = "full"
    DELTA = "delta"


@dataclass(frozen=True)
class Params:
    source_data_uri: S3Uri
    day: date
    mode: Mode = Mode.FULL
    level: Literal["low", "high"] = "low"
    rows: int = 10
    share: float = 0.5
    dry: bool = False
    note: str | None = None


GLUE_ARGUMENTS = [
    "--JOB_NAME",
    "default-dst-x",
    "--JOB_RUN_ID",
    "jr_1",
    "--TempDir",
    "s3://a/tmp/",
    "--enable-metrics",
]
GLUE_ARGUMENTS += ["--job-language", "python", "--conf", "spark.x=1", "--extra-py-files", "s3://a/p.zip"]


def parse(*argv: str) -> Params:
    given = parameters.from_arguments(argv)
    (built,) = parameters.build(given, [Params], parameters.refuse_unknown(given, [Params]))
    assert isinstance(built, Params)
    return built


def test_all_types_are_read_in_both_notations() -> None:
    words = "--source_data_uri=s3://raw/signals/ --day 2024-02-29 --mode delta --level=high --rows -3"
    read = parse(*words.split(), "--share=1e-3", "--dry", "--note", "a=b")
    expected = Params(
        S3Uri("raw", "signals/"),
        date(2024, 2, 29),
        Mode.DELTA,
        "high",
        rows=-3,
        share=0.001,
        dry=True,
        note="a=b",
    )
    assert read == expected


def test_arguments_of_glue_itself_are_ignored() -> None:
    read = parse(*GLUE_ARGUMENTS, "--source_data_uri", "s3://raw/", "--day", "2024-01-01")
    assert read.source_data_uri == S3Uri("raw", "")


def test_the_last_of_a_name_counts() -> None:
    assert parse("--source_data_uri", "s3://raw/", "--day=2024-01-01", "--rows=1", "--rows=2").rows == 2


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ParameterError) as refused:
        parse(
            "--source_data_uri",
            "raw/signals",
            "--mode",
            "all",
            "--rows",
            "many",
            "--source-data-url",
            "x",
            "--colour",
            "red",
        )
    message = str(refused.value)
    for said in (
        "--source_data_uri 'raw/signals': an S3 address such as s3://bucket/prefix/ is needed",
        "--mode 'all': must be one of full, delta",
        "--rows 'many': a whole number is needed",
        "--day is missing",
        "--source-data-url is unknown; did you mean --source_data_uri?",
        "--colour is unknown; known are --day",
    ):
        assert said in message


@pytest.mark.parametrize("share", ["nan", "inf", "1,5", ""])
def test_a_number_must_be_one(share: str) -> None:
    with pytest.raises(ParameterError, match="a number is needed"):
        parse("--source_data_uri", "s3://raw/", "--day=2024-01-01", f"--share={share}")


def test_a_word_without_a_name_is_refused() -> None:
    with pytest.raises(ParameterError, match="'stray' is not an argument"):
        parameters.from_arguments(["--a", "1", "stray"])


def test_the_environment_gives_names_as_parameters_have_them() -> None:
    assert parameters.from_environment({"DST_RAW_URI": "s3://raw", "HOME": "/"}) == {"raw_uri": "s3://raw"}


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), st.text(), max_size=5))
def test_what_is_written_with_an_equals_sign_is_read_as_it_is(values: dict[str, str]) -> None:
    assert parameters.from_arguments([f"--{name}={value}" for name, value in values.items()]) == values
