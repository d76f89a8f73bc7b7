"""Where Terraform finds its provider: an offline mirror if the machine has one, else the registry."""

import os
from collections.abc import Mapping
from pathlib import Path

_PROVIDER = Path("registry.terraform.io/hashicorp/aws")
_PLACES = ("/opt", "/usr/share", "/usr/local/share")


def provider_environment(environment: Mapping[str, str], version: str, scratch: Path) -> dict[str, str]:
    """The variables that lead terraform to the AWS provider; empty where it needs no help.

    A mirror named in `DST_TERRAFORM_MIRROR` wins, then the user's own Terraform settings, then a
    mirror in a folder of /opt, /usr/share or /usr/local/share. Terraform itself looks into its
    implied mirror directories. Without any mirror, downloads are shared between all checkouts.

    Args:
        environment: the user's environment.
        version: of the AWS provider.
        scratch: a directory for a generated CLI configuration file.
    """
    named = environment.get("DST_TERRAFORM_MIRROR")
    if named is None and _has_own_settings(environment):
        return {}
    mirror = Path(named) if named else _find(version)
    if mirror is None:
        cache = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dst/terraform-plugins"
        cache.mkdir(parents=True, exist_ok=True)
        return {"TF_PLUGIN_CACHE_DIR": environment.get("TF_PLUGIN_CACHE_DIR", str(cache))}
    scratch.mkdir(parents=True, exist_ok=True)
    settings = scratch / "mirror.tfrc"
    path = str(mirror).replace("\\", "\\\\").replace('"', '\\"')
    settings.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path    = "{path}"\n'
        '    include = ["registry.terraform.io/hashicorp/aws"]\n  }\n'
        '  direct {\n    exclude = ["registry.terraform.io/hashicorp/aws"]\n  }\n}\n'
    )
    return {"TF_CLI_CONFIG_FILE": str(settings)}


def _has_own_settings(environment: Mapping[str, str]) -> bool:
    named = environment.get("TF_CLI_CONFIG_FILE") or environment.get("TERRAFORM_CONFIG")
    settings = Path(named) if named else Path.home() / ".terraformrc"
    try:
        return "provider_installation" in settings.read_text(errors="replace")
    except OSError:
        return False


def _find(version: str) -> Path | None:
    """Look one folder deep, so that no whole disk is searched: /opt/<any>/registry.terraform.io/…."""
    for place in _PLACES:
        for pattern in (
            f"*/{_PROVIDER}/{version}",
            f"*/plugins/{_PROVIDER}/{version}",
            f"*/{_PROVIDER}/*_{version}_*.zip",
        ):
            for found in sorted(Path(place).glob(pattern)):
                if os.access(found, os.R_OK):
                    return next(
                        parent.parent for parent in found.parents if parent.name == "registry.terraform.io"
                    )
    return None
