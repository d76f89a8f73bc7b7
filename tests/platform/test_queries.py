"""Clients of the running stage, set up by `dst env` alone."""

from __future__ import annotations

import os
import subprocess
import sys

from checkout import Checkout

AWSWRANGLER = """
import awswrangler as wr, sys
for options in ({"ctas_approach": True}, {"ctas_approach": False}, {"ctas_approach": False, "unload_approach": True}):
    frame = wr.athena.read_sql_query(
        "SELECT 1 AS a, 'x' AS b", database=sys.argv[1], workgroup=sys.argv[2], s3_output=sys.argv[3], **options
    )
    assert frame.to_dict("list") == {"a": [1], "b": ["x"]}, (options, frame)
"""


def test_wrong_sql_is_one_sentence_and_exit_code_7(platform: Checkout) -> None:
    assert "TABLE_NOT_FOUND" in platform.dst("query", "SELECT * FROM nowhere", exit_code=7).stderr
    assert "mismatched input" in platform.dst("query", "SELEC 1", exit_code=7).stderr


def test_a_result_is_json_for_scripts(platform: Checkout) -> None:
    assert platform.dst("query", "SELECT 1 AS one", "--json").stdout.split() == [
        "[",
        "{",
        '"one":',
        '"1"',
        "}",
        "]",
    ]


def test_awswrangler_reads_by_each_of_its_ways(platform: Checkout) -> None:
    facts = platform.status()
    output = f"s3://{facts['buckets']['artifacts']}/awswrangler/"
    script = f'eval "$({" ".join(platform.command("env"))})" && exec {sys.executable} - "$@"'
    subprocess.run(
        ["bash", "-c", script, "bash", facts["database"], facts["workgroup"], output],
        input=AWSWRANGLER,
        text=True,
        cwd=platform.directory,
        env=dict(os.environ),
        check=True,
    )
