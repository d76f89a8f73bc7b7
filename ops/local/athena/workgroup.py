"""What a workgroup says about a query: whether it may run, and where its results go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.athena.models import AthenaBackend

from ops.local.athena.errors import InvalidRequest
from ops.local.athena.tables.objects import StageObjects, is_s3, split_uri

DEFAULT = "primary"


@dataclass(frozen=True)
class ResultLocation:
    """Where results go: ``uri`` ends with a slash; ``enforced`` if the caller has no say in it."""

    uri: str
    enforced: bool
    encryption: dict[str, str] | None


def result_location(
    backend: AthenaBackend, objects: StageObjects, name: str, requested: dict[str, Any]
) -> ResultLocation:
    """The place for the results of a query in workgroup ``name``.

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
    uri = chosen.get("OutputLocation")
    if not uri:
        raise InvalidRequest(
            "No output location provided. An output location is required either through the Workgroup "
            "result configuration setting or as an API input."
        )
    if not is_s3(uri) or not split_uri(uri)[0]:
        raise InvalidRequest("outputLocation is not a valid S3 path.")
    bucket = split_uri(uri)[0]
    if not objects.bucket_exists(bucket):
        raise InvalidRequest(f"Unable to verify/create output bucket {bucket}")
    return ResultLocation(uri.rstrip("/") + "/", enforced, chosen.get("EncryptionConfiguration"))
