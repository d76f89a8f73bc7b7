"""Rows get into a table once: killed, done again or done by two at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cloudstage.runtimes import jars, java
from cloudstage.runtimes.versions import GLUE_VERSIONS
from ops.project import ROOT, load

GLUE = GLUE_VERSIONS[load().versions["glue"]]
SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    directory = tmp_path_factory.mktemp("lake")
    archives = ",".join(str(path) for jar, path in jars.ensure(GLUE, print).items() if jar.is_iceberg)
    options = " ".join(f'--conf "{name}={value}"' for name, value in SETTINGS.items())
    environment = os.environ | {
        "JAVA_HOME": str(java.find(GLUE.java).home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(directory / "scratch"),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": f"--jars {archives} {options} pyspark-shell",
        "PYTHONPATH": str(ROOT),
    }
    script = Path(__file__).with_name("scenarios.py")
    command = [sys.executable, str(script), str(directory / "tables")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_a_commit_is_one_snapshot_that_names_its_run(facts: dict[str, Any]) -> None:
    seen = facts["first_commit"]
    assert seen["rows"] == [["x", "a", 1.0], ["x", "b", 2.0], ["y", "a", 3.0]]
    assert (seen["snapshots"], seen["is_current"]) == (1, True)
    assert (seen["summary"]["dst.run-id"], seen["summary"]["dst.git-commit"]) == ("jr_1", "abc")
    assert seen["added_files"] == "2"


def test_what_is_only_staged_is_not_seen(facts: dict[str, Any]) -> None:
    seen = facts["staged_only"]
    assert (seen["rows"], seen["new_snapshots"]) == ([["x", "a", 1.0]], 0)
    assert (seen["files"], seen["files_after_discard"]) == (1, 0)


def test_nothing_to_do_makes_no_snapshot(facts: dict[str, Any]) -> None:
    assert facts["nothing_to_do"] == {"snapshot": None, "snapshots": 1}


def test_doing_it_again_replaces_the_files_rows_and_keeps_those_beside_them(facts: dict[str, Any]) -> None:
    assert facts["done_again"]["rows"] == [["x", "a", 1.0], ["x", "b", 2.0], ["y", "a", 3.0], ["z", "b", 4.0]]


def test_a_changed_files_old_rows_go_also_if_it_has_no_new_ones(facts: dict[str, Any]) -> None:
    assert facts["file_changed"] == {
        "changed": [["x", "c", 9.0], ["y", "a", 3.0]],
        "emptied": [["y", "a", 3.0]],
    }


def test_of_two_commits_of_the_same_file_one_is_refused_and_leaves_nothing(facts: dict[str, Any]) -> None:
    assert facts["same_files_at_once"] == {"refused": True, "rows": [["x", "a", 1.0]], "files": 0}


def test_commits_of_different_files_do_not_meet(facts: dict[str, Any]) -> None:
    seen = facts["other_files_at_once"]
    assert seen == {"refused": False, "rows": [["w", "a", 0.0], ["x", "a", 2.0], ["y", "a", 1.0]]}


def test_rows_that_were_compacted_meanwhile_are_not_doubled(facts: dict[str, Any]) -> None:
    seen = facts["compacted_meanwhile"]
    assert seen["refused"]
    assert seen["rows"] == [["1.0", "a", 9.0], ["2.0", "a", 2.0], ["3.0", "a", 3.0]]


def test_a_table_that_is_not_as_its_contract_says_is_not_touched(facts: dict[str, Any]) -> None:
    said = facts["differs_from_contract"]["said"]
    assert "height is missing instead of double; level is double instead of absent" in said
    assert "ALTER TABLE" in said
