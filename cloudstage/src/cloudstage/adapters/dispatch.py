"""Gaps in how moto's server finds out which service a request is for."""

from __future__ import annotations

import functools
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

HOSTS = 4096


@adapter
def services_are_found_once(patch: Patch) -> None:
    """The service of a host name is found the first time it is asked for, and remembered.

    moto 5.2.5 lists the directory of its modules twice for each request, and holds a lock meanwhile: that takes
    longer than to answer a small request of S3.
    """
    original = DomainDispatcherApplication.get_backend_for_host
    find = functools.lru_cache(HOSTS)(original)

    def get_backend_for_host(self: DomainDispatcherApplication, host: str | None) -> Any:
        return find(self, host)

    patch.replace(DomainDispatcherApplication, "get_backend_for_host", get_backend_for_host)
