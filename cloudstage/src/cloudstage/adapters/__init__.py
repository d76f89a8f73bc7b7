"""Where moto differs from AWS so that Terraform or a job would notice: each gap closed by one named adapter.

An adapter changes moto's classes for the whole process. Every module here is found by itself. Each adapter
has a test that fails as soon as stock moto behaves like AWS: then the adapter is deleted.
"""

from __future__ import annotations

import importlib
import pkgutil

from cloudstage.adapters import registry


def load() -> dict[str, registry.Adapter]:
    """Import every module here and return the adapters by their names, such as ``glue_jobs.update_job``."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return registry.registered()


def install() -> list[str]:
    """Apply every adapter to this process and return their names."""
    load()
    return registry.install()
