"""Gaps in the answers of moto's Lambda.

Sources: the AWS Lambda API's model and reference, "Lambda quotas" in the Lambda developer guide.
"""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Callable
from typing import Any

from botocore.session import get_session
from moto.awslambda import urls
from moto.awslambda.models import LambdaAlias, LayerVersion
from moto.awslambda.responses import LambdaResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

NOT_LISTED = (
    "LastUpdateStatus",
    "LastUpdateStatusReason",
    "LastUpdateStatusReasonCode",
    "RuntimeVersionConfig",
    "State",
    "StateReason",
    "StateReasonCode",
)
NO_CONTENT = 204
LARGEST_CONCURRENCY = 1000
LIMITS = {
    "TotalCodeSize": 80_530_636_800,
    "CodeSizeUnzipped": 262_144_000,
    "CodeSizeZipped": 52_428_800,
    "ConcurrentExecutions": LARGEST_CONCURRENCY,
}


@adapter
def successes_have_the_status_of_the_api(patch: Patch) -> None:
    """The status of an answer without an error is the one that the API's model gives the operation.

    One without content has none. moto 5.2.5 has other statuses: 201 to GetAlias, 200 to TagResource.
    """
    call = LambdaResponse.call_action

    def call_action(self: LambdaResponse) -> Any:
        status, headers, body = call(self)
        expected = _status(self._get_action())
        if expected and status < 300:
            return expected, headers | {"status": expected}, "" if expected == NO_CONTENT else body
        return status, headers, body

    patch.replace(LambdaResponse, "call_action", call_action)


@functools.cache
def _status(action: str | None) -> int | None:
    """The status of a success; None if the operation has several."""
    model = get_session().get_service_model("lambda")
    if action not in model.operation_names:
        return None
    operation = model.operation_model(action)
    members = operation.output_shape.members.values() if operation.output_shape else ()
    if any(member.serialization.get("location") == "statusCode" for member in members):
        return None
    return int(operation.http["responseCode"])


@adapter
def updated_aliases_are_new_revisions(patch: Patch) -> None:
    """An alias has another revision after each update.

    moto 5.2.5 keeps the first one.
    """
    update = LambdaAlias.update

    def update_alias(self: LambdaAlias, *args: Any, **kwargs: Any) -> None:
        update(self, *args, **kwargs)
        self.revision_id = str(uuid.uuid4())

    patch.replace(LambdaAlias, "update", update_alias)


@adapter
def lists_show_less(patch: Patch) -> None:
    """Functions and versions in a list have neither their state nor the version of their runtime.

    moto 5.2.5 lists what GetFunctionConfiguration answers.
    """

    def shorter(respond: Callable[[LambdaResponse], str], member: str) -> Callable[[LambdaResponse], str]:
        def answer(self: LambdaResponse) -> str:
            listed = json.loads(respond(self))
            for configuration in listed[member]:
                for name in NOT_LISTED:
                    configuration.pop(name, None)
            return json.dumps(listed)

        return answer

    for name, member in (("list_functions", "Functions"), ("list_versions_by_function", "Versions")):
        patch.replace(LambdaResponse, name, shorter(getattr(LambdaResponse, name), member))


@adapter
def layers_are_described(patch: Patch) -> None:
    """A version of a layer has a description, empty if none was given, and a license only if one was.

    moto 5.2.5 does it the other way round.
    """
    describe = LayerVersion.get_layer_version

    def get_layer_version(self: LayerVersion) -> dict[str, Any]:
        described = {"Description": self.description or ""} | describe(self)
        if not described.get("LicenseInfo"):
            described.pop("LicenseInfo", None)
        return described

    patch.replace(LayerVersion, "get_layer_version", get_layer_version)


@adapter
def accounts_have_settings(patch: Patch) -> None:
    """GetAccountSettings answers with Lambda's quotas and what is used of them.

    moto 5.2.5 lacks it.
    """

    def get_account_settings(self: LambdaResponse) -> tuple[int, dict[str, str], str]:
        latest = list(self.backend.list_functions())
        every = [
            version for f in latest for version in self.backend.list_versions_by_function(f.function_name)
        ]
        reserved = sum(int(function.reserved_concurrency or 0) for function in latest)
        limit = LIMITS | {"UnreservedConcurrentExecutions": LARGEST_CONCURRENCY - reserved}
        layers: list[Any] = [
            v for layer in self.backend._layers._layers.values() for v in layer.layer_versions.values()
        ]
        size = sum(int(code.code_size) for code in [*every, *layers])
        usage = {"TotalCodeSize": size, "FunctionCount": len(latest)}
        return 200, {}, json.dumps({"AccountLimit": limit, "AccountUsage": usage})

    paths = urls.url_paths | {r"{0}/(?P<api_version>[^/]+)/account-settings/?$": LambdaResponse.dispatch}
    patch.replace(urls, "url_paths", paths)
    patch.replace(LambdaResponse, "get_account_settings", get_account_settings)
