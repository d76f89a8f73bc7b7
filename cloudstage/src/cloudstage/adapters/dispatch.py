"""Gaps in how moto's server finds the code that answers a request."""

from __future__ import annotations

import functools
import re
from typing import Any

from flask import Response
from moto.moto_server.werkzeug_app import BackendRequest, DomainDispatcherApplication
from moto.s3.responses import S3Response
from werkzeug.exceptions import HTTPException

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

HOSTS = 4096
OBJECT = re.compile(r"/[^/]+/(?!/).+")
BUCKET = re.compile(r"/[^/]+/?")
DIRECT_METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")


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


@adapter
def objects_are_answered_directly(patch: Patch) -> None:
    """Requests for a bucket or an object by its path go straight to the code of S3.

    moto 5.2.5 has Flask find it, with a routing, contexts and hooks that no answer of S3 depends on, and that
    take a third of the time of a small request.
    """
    original = DomainDispatcherApplication.__call__

    def call(self: DomainDispatcherApplication, environ: dict[str, Any], start_response: Any) -> Any:
        view = _direct(environ)
        if view is None or self.get_application(environ).service != "s3":  # type: ignore[attr-defined]
            return original(self, environ, start_response)
        return _answer(view, BackendRequest(environ))(environ, start_response)

    patch.replace(DomainDispatcherApplication, "__call__", call)


def _direct(environ: dict[str, Any]) -> Any:
    """The code of S3 for a request, if it is one of those that need no more than that."""
    path = environ.get("PATH_INFO", "")
    # Of a page in a browser, Flask has to answer for the sharing of resources between origins; double slashes
    # it takes for one.
    if environ["REQUEST_METHOD"] not in DIRECT_METHODS or "HTTP_ORIGIN" in environ or "//" in path:
        return None
    if OBJECT.fullmatch(path):
        return S3Response.key_dispatch
    return S3Response.ambiguous_dispatch if BUCKET.fullmatch(path) else None


def _answer(view: Any, request: BackendRequest) -> Any:
    try:
        result = view(request, request.raw_url, dict(request.headers))
    except HTTPException as error:
        return error.get_response(request.environ)
    status, headers, content = result if len(result) == 3 else (200, {}, result)
    response = Response(response=content, status=status, headers=headers)
    if request.method == "HEAD" and "content-length" in headers:
        response.headers["Content-Length"] = headers["content-length"]
    return response
