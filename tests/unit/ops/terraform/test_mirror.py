"""The provider comes from an offline mirror if the machine has one."""

from pathlib import Path

import pytest

from ops.terraform import mirror

PROVIDER = "registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64"


@pytest.fixture(autouse=True)
def _somewhere_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(mirror, "_PLACES", (str(tmp_path / "opt"),))


def test_a_mirror_in_a_usual_place_is_found(tmp_path: Path) -> None:
    (tmp_path / "opt/plugins" / PROVIDER).mkdir(parents=True)
    given = mirror.provider_environment({}, "5.100.0", tmp_path / "scratch")
    assert f'path    = "{tmp_path}/opt/plugins"' in Path(given["TF_CLI_CONFIG_FILE"]).read_text()


def test_a_mirror_of_another_version_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "opt/plugins" / PROVIDER).mkdir(parents=True)
    assert "TF_CLI_CONFIG_FILE" not in mirror.provider_environment({}, "5.99.0", tmp_path / "scratch")


def test_a_named_mirror_wins(tmp_path: Path) -> None:
    given = mirror.provider_environment(
        {"DST_TERRAFORM_MIRROR": "/somewhere"}, "5.100.0", tmp_path / "scratch"
    )
    assert 'path    = "/somewhere"' in Path(given["TF_CLI_CONFIG_FILE"]).read_text()


def test_the_users_own_installation_settings_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "opt/plugins" / PROVIDER).mkdir(parents=True)
    settings = tmp_path / "terraformrc"
    settings.write_text("provider_installation {\n}\n")
    assert (
        mirror.provider_environment({"TF_CLI_CONFIG_FILE": str(settings)}, "5.100.0", tmp_path / "scratch")
        == {}
    )


def test_without_a_mirror_downloads_are_shared(tmp_path: Path) -> None:
    given = mirror.provider_environment(
        {"XDG_CACHE_HOME": str(tmp_path / "cache")}, "5.100.0", tmp_path / "scratch"
    )
    assert Path(given["TF_PLUGIN_CACHE_DIR"]).is_dir()
