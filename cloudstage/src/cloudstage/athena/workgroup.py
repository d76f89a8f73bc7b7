"""What a workgroup says about a query: whether it may run, what it may read and where its results go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.athena.models import AthenaBackend

from cloudstage.athena.errors import InvalidRequest
from cloudstage.athena.tables.objects import StageObjects, is_s3, split_uri

DEFAULT = "primary"


@dataclass(frozen=True)
class QuerySettings:
    """How a workgroup has a query run.

    ``location`` for the results ends with a slash; ``enforced`` if the caller has no say in it;
    ``bytes_limit`` is how much a query may read.
    """

    location: str
    enforced: bool
    encryption: dict[str, str] | None
    bytes_limit: int | None


def settings(
    backend: AthenaBackend, objects: StageObjects, name: str, requested: dict[str, Any]
) -> QuerySettings:
    """The settings of a query in workgroup ``name`` that asks for the ResultConfiguration ``requested``.

    The workgroup's own configuration wins if it is enforced, and serves as default otherwise.
    """
    workgroup = backend.work_groups.get(name)
    if workgroup is None:
        raise InvalidRequest("WorkGroup is not found.")
    if workgroup.state == "DISABLED":
        raise InvalidRequest("WorkGroup is disabled.", "WORKGROUP_DISABLED")
    configuration = workgroup.configuration or {}
    own = configuration.get("ResultConfiguration") or {}
    enforced = bool(configuration.get("EnforceWorkGroupConfiguration", True))
    chosen = own if enforced or not requested.get("OutputLocation") else requested
    location = _checked(objects, chosen.get("OutputLocation"))
    limit = configuration.get("BytesScannedCutoffPerQuery")
    return QuerySettings(
        location, enforced, chosen.get("EncryptionConfiguration"), int(limit) if limit else None
    )


def _checked(objects: StageObjects, location: str | None) -> str:
    if not location:
        raise InvalidRequest(
            "No output location provided. An output location is required either through the Workgroup "
            "result configuration setting or as an API input."
        )
    if not is_s3(location) or not split_uri(location)[0]:
        raise InvalidRequest("outputLocation is not a valid S3 path.")
    bucket = split_uri(location)[0]
    if not objects.bucket_exists(bucket):
        raise InvalidRequest(f"Unable to verify/create output bucket {bucket}")
    return location.rstrip("/") + "/"
