"""How the service of a request is found, with moto as it is and with the adapter."""

from __future__ import annotations

import contextlib
import os

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from cloudstage.adapters import dispatch
from cloudstage.adapters.registry import applied

STOCK = pytest.param(contextlib.nullcontext(), marks=pytest.mark.xfail(strict=True), id="stock")
ADAPTED = pytest.param(applied(dispatch.services_are_found_once), id="adapted")


@pytest.mark.parametrize("adapted", [STOCK, ADAPTED])
def test_the_disk_is_not_read_for_each_request(
    adapted: contextlib.AbstractContextManager[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[str] = []
    list_directory = os.listdir

    def listdir(path: str = ".") -> list[str]:
        listed.append(path)
        return list_directory(path)

    monkeypatch.setattr(os, "listdir", listdir)
    with adapted:
        server = DomainDispatcherApplication(create_backend_app)
        hosts = ("s3.eu-central-1.amazonaws.com", "glue.eu-central-1.amazonaws.com", None) * 10
        services = {server.get_backend_for_host(host) for host in hosts}

    assert services == {"s3", "glue", None}
    assert len(listed) <= 2
