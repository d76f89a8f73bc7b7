"""uv asks the package mirror that pip was told of."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudstage.runtimes.uv import uv_environment

MIRROR = "https://mirror.example/simple"


def test_the_mirror_of_pip_s_variable() -> None:
    assert uv_environment({"PIP_INDEX_URL": MIRROR})["UV_DEFAULT_INDEX"] == MIRROR


def test_uv_s_own_setting_wins() -> None:
    assert uv_environment({"PIP_INDEX_URL": "x", "UV_DEFAULT_INDEX": MIRROR})["UV_DEFAULT_INDEX"] == MIRROR


def test_the_mirror_of_pip_s_configuration_file(tmp_path: Path) -> None:
    configuration = tmp_path / "pip.conf"
    configuration.write_text(f"[global]\nindex-url = {MIRROR}\n")

    assert uv_environment({"PIP_CONFIG_FILE": str(configuration)})["UV_DEFAULT_INDEX"] == MIRROR


def test_without_a_mirror_uv_knows_where_to_ask(tmp_path: Path) -> None:
    assert "UV_DEFAULT_INDEX" not in uv_environment({"PIP_CONFIG_FILE": "/dev/null", "HOME": str(tmp_path)})


@pytest.mark.parametrize("name", ["VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX"])
def test_traces_of_other_environments_are_left_out(name: str) -> None:
    assert name not in uv_environment({name: "/somewhere", "PIP_INDEX_URL": MIRROR})
