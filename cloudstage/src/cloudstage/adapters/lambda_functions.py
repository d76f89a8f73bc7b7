"""Gaps in moto's Lambda: how functions and event source mappings are described, which packages and errors there are.

Sources: the AWS Lambda API reference, "Lambda quotas" in the Lambda developer guide, and the service's answers.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import uuid
import zipfile
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import EventSourceMapping, LambdaBackend, LambdaFunction, LayerVersion
from moto.awslambda.responses import LambdaResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

LARGEST_UNZIPPED = 262_144_000
"""Bytes, the function's layers included."""
MILLISECONDS = len("2026-01-01T00:00:00.000")
KEPT_SETTINGS = ("DeadLetterConfig", "FileSystemConfigs", "LoggingConfig")
BEING_CREATED = {
    "State": "Pending",
    "StateReason": "The function is being created.",
    "StateReasonCode": "Creating",
}
BEING_UPDATED = {
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
    "LastUpdateStatusReasonCode": "Creating",
}


@adapter
def settings_are_kept(patch: Patch) -> None:
    """A function keeps its DeadLetterConfig, LoggingConfig and FileSystemConfigs, also when others change.

    moto 5.2.5 drops them: Terraform plans to add them forever, the log goes to the wrong group, and nobody
    knows where to put an event that was given up.
    """
    create, describe = LambdaFunction.__init__, LambdaFunction.get_configuration
    update = LambdaFunction.update_configuration

    def initialise(self: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        create(self, account_id, spec, *args, **kwargs)
        self.kept_settings = {name: spec[name] for name in KEPT_SETTINGS if spec.get(name)}

    def get_configuration(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        kept = getattr(self, "kept_settings", {})
        logging = _logging_config(self.function_name, kept.get("LoggingConfig") or {})
        return describe(self, *args, **kwargs) | kept | {"LoggingConfig": logging}

    def update_configuration(self: Any, updates: dict[str, Any]) -> dict[str, Any]:
        changed = {name: updates[name] for name in KEPT_SETTINGS if name in updates}
        self.kept_settings = getattr(self, "kept_settings", {}) | changed
        return update(self, updates)

    patch.replace(LambdaFunction, "__init__", initialise)
    patch.replace(LambdaFunction, "get_configuration", get_configuration)
    patch.replace(LambdaFunction, "update_configuration", update_configuration)


def _logging_config(function_name: str, given: dict[str, Any]) -> dict[str, Any]:
    defaults = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function_name}"}
    if given.get("LogFormat") == "JSON":
        defaults |= {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    return defaults | given


@adapter
def settings_can_be_changed(patch: Patch) -> None:
    """EphemeralStorage, TracingConfig, KMSKeyArn and SnapStart change with UpdateFunctionConfiguration.

    moto 5.2.5 takes the request and changes nothing, and drops SnapStart from CreateFunction, too; an Environment
    without Variables is an error of its own, and one with no variable is not shown.
    """
    create = LambdaFunction.__init__
    describe, update = LambdaFunction.get_configuration, LambdaFunction.update_configuration

    def initialise(self: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        create(self, account_id, spec, *args, **kwargs)
        self.snap_start = spec.get("SnapStart") or {}
        self.has_environment = "Variables" in (spec.get("Environment") or {})

    def update_configuration(self: Any, updates: dict[str, Any]) -> dict[str, Any]:
        if "EphemeralStorage" in updates:
            self.ephemeral_storage = updates["EphemeralStorage"]["Size"]
        if "TracingConfig" in updates:
            self.tracing_config = updates["TracingConfig"]
        if "KMSKeyArn" in updates:
            self.kms_key_arn = updates["KMSKeyArn"] or None
        if "SnapStart" in updates:
            self.snap_start = updates["SnapStart"]
        environment = updates.get("Environment")
        if environment is not None:
            updates = updates | {"Environment": {"Variables": environment.get("Variables") or {}}}
            self.has_environment = "Variables" in environment
        return update(self, updates)

    def get_configuration(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        configuration = describe(self, *args, **kwargs)
        if getattr(self, "has_environment", False):
            configuration.setdefault("Environment", {"Variables": {}})
        return configuration | {"SnapStart": configuration["SnapStart"] | getattr(self, "snap_start", {})}

    patch.replace(LambdaFunction, "__init__", initialise)
    patch.replace(LambdaFunction, "update_configuration", update_configuration)
    patch.replace(LambdaFunction, "get_configuration", get_configuration)


@adapter
def configuration_is_complete(patch: Patch) -> None:
    """A function's description has a RevisionId, a RuntimeVersionConfig and its state, and no empty fields.

    An update of another revision than the latest is refused.

    moto 5.2.5 lacks the first two, and says Active and Successful in the very answer that creates or updates.
    """
    describe = LambdaFunction.get_configuration
    update, update_code = LambdaFunction.update_configuration, LambdaFunction.update_function_code

    def get_configuration(self: Any, on_create: bool = False) -> dict[str, Any]:
        configuration = describe(self, on_create=on_create)
        configuration["RevisionId"] = _revision_id(self, pending=on_create)
        configuration["LastModified"] = configuration["LastModified"][:MILLISECONDS] + "+0000"
        if self.run_time:
            digest = hashlib.sha256(self.run_time.encode()).hexdigest()
            arn = f"arn:{self.partition}:lambda:{self.region}::runtime:{digest}"
            configuration["RuntimeVersionConfig"] = {"RuntimeVersionArn": arn}
        if not configuration["Layers"]:
            del configuration["Layers"]
        return configuration | (BEING_CREATED if on_create else {})

    def update_configuration(self: Any, updates: dict[str, Any]) -> dict[str, Any]:
        _check_revision(self, updates)
        return _being_updated(self, update(self, updates))

    def update_function_code(self: Any, updated_spec: dict[str, Any]) -> dict[str, Any]:
        _check_revision(self, updated_spec)
        return _being_updated(self, update_code(self, updated_spec))

    patch.replace(LambdaFunction, "get_configuration", get_configuration)
    patch.replace(LambdaFunction, "update_configuration", update_configuration)
    patch.replace(LambdaFunction, "update_function_code", update_function_code)
    patch.replace(LambdaBackend, "update_function_code", _update_code)


def _update_code(
    backend: LambdaBackend, function_name: str, qualifier: str, body: dict[str, Any]
) -> dict[str, Any]:
    """Once, where moto does it twice. A version that is published is a new one."""
    answer = backend.get_function(function_name, qualifier).update_function_code(body)
    if not body.get("Publish"):
        return answer
    published: Any = backend.publish_version(function_name)
    return published.get_configuration(on_create=True)  # type: ignore[no-any-return]


def _check_revision(function: Any, updates: dict[str, Any]) -> None:
    if updates.get("RevisionId") not in {None, "", _revision_id(function, pending=False)}:
        error = LambdaClientError(
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to "
            "retrieve the latest Revision Id",
        )
        error.code = 412
        raise error


def _being_updated(function: Any, configuration: dict[str, Any]) -> dict[str, Any]:
    function.updates = getattr(function, "updates", 0) + 1
    return configuration | BEING_UPDATED | {"RevisionId": _revision_id(function, pending=True)}


def _revision_id(function: Any, *, pending: bool) -> str:
    """Another one after each update, and once what was created or updated is ready."""
    facts = [
        str(pending),
        str(getattr(function, "updates", 0)),
        function.function_name,
        str(function.version),
        function.last_modified,
        function.code_sha_256,
        function.handler,
        function.run_time,
        str(function.memory_size),
        str(function.timeout),
        function.description,
        json.dumps(function.environment_vars, sort_keys=True, default=str),
        json.dumps(function.layers),
        json.dumps(getattr(function, "kept_settings", {}), sort_keys=True, default=str),
    ]
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(map(str, facts))))


@adapter
def packages_are_examined(patch: Patch) -> None:
    """A package that is no zip, or too large once unzipped, is refused when it is deployed, and leaves nothing.

    moto 5.2.5 takes anything, so that a job which has grown too large would fail on AWS alone. It also keeps
    the request's copy of a package beside the package.
    """
    set_code, create_layer = LambdaFunction._set_function_code, LayerVersion.__init__

    def set_function_code(self: Any, updated_spec: dict[str, Any]) -> None:
        before = vars(self) | {"code": dict(self.code)}
        set_code(self, updated_spec)
        try:
            layers = sum(layer["CodeSize"] for layer in self.layers)
            _examine(getattr(self, "code_bytes", b""), LARGEST_UNZIPPED - layers)
        except InvalidParameterValueException:
            vars(self).update(before)
            raise
        self.code.pop("ZipFile", None)

    def create_layer_version(self: Any, *args: Any, **kwargs: Any) -> None:
        create_layer(self, *args, **kwargs)
        _examine(self.code_bytes, LARGEST_UNZIPPED)
        self.content.pop("ZipFile", None)

    patch.replace(LambdaFunction, "_set_function_code", set_function_code)
    patch.replace(LayerVersion, "__init__", create_layer_version)


def _examine(content: bytes, largest: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        if not content:
            return
        raise InvalidParameterValueException(
            "Could not unzip uploaded file. Please check your file, then try to upload again."
        ) from None
    if size > largest:
        raise InvalidParameterValueException(f"Unzipped size must be smaller than {LARGEST_UNZIPPED} bytes")


@adapter
def errors_have_a_type(patch: Patch) -> None:
    """An error's body has ``Type`` and the message under the name that the service's model says.

    moto 5.2.5 answers ``__type`` and ``message``, so that clients see neither ``Type`` nor, often, ``Message``.
    """
    create = LambdaClientError.__init__

    def initialise(self: Any, error: str, message: str) -> None:
        create(self, error, message)
        members = _members_of_error(error)
        body = {"Message" if "Message" in members else "message": message}
        self.description = json.dumps(({"Type": "User"} if "Type" in members else {}) | body)

    patch.replace(LambdaClientError, "__init__", initialise)


@functools.cache
def _members_of_error(code: str) -> frozenset[str]:
    """The names in the body of an error, as the API's model has them; none for one it does not have."""
    from botocore.session import get_session

    model = get_session().get_service_model("lambda")
    return frozenset(model.shape_for(code).members if code in model.shape_names else ())


@adapter
def mappings_have_their_defaults(patch: Patch) -> None:
    """An event source mapping's description has the defaults of its source, and the state it is in.

    moto 5.2.5 says Enabled in the answer that creates a mapping, with the status 201, leaves out what was not set,
    and shows criteria without a filter.
    """
    describe = EventSourceMapping.get_configuration
    create, update = LambdaResponse.create_event_source_mapping, LambdaResponse.update_event_source_mapping

    def get_configuration(self: Any) -> dict[str, Any]:
        described = _mapping_defaults(self) | describe(self) | {"StateTransitionReason": _transition(self)}
        if not described.get("FilterCriteria", {}).get("Filters"):
            described.pop("FilterCriteria", None)
        return described

    def create_mapping(self: Any) -> Any:
        _, headers, body = _with_state("Creating", create(self))
        return 202, headers | {"status": 202}, body

    def update_mapping(self: Any) -> Any:
        mapping = self.backend.get_event_source_mapping(self.path.split("/")[-1])
        before = getattr(mapping, "enabled", None)
        answer = update(self)
        if mapping is None or mapping.enabled == before:
            return _with_state("Updating", answer)
        return _with_state("Enabling" if mapping.enabled else "Disabling", answer)

    patch.replace(EventSourceMapping, "get_configuration", get_configuration)
    patch.replace(LambdaResponse, "create_event_source_mapping", create_mapping)
    patch.replace(LambdaResponse, "update_event_source_mapping", update_mapping)


def _mapping_defaults(mapping: Any) -> dict[str, Any]:
    defaults = {"FunctionResponseTypes": [], "MaximumBatchingWindowInSeconds": 0}
    if _polls_queue(mapping):
        return defaults
    return defaults | {
        "BisectBatchOnFunctionError": False,
        "DestinationConfig": {"OnFailure": {}},
        "LastProcessingResult": "No records processed",
        "MaximumRecordAgeInSeconds": -1,
        "MaximumRetryAttempts": -1,
        "ParallelizationFactor": 1,
        "TumblingWindowInSeconds": 0,
    }


def _transition(mapping: Any) -> str:
    return "USER_INITIATED" if _polls_queue(mapping) else "User action"


def _polls_queue(mapping: Any) -> bool:
    return str(mapping.event_source_arn).split(":")[2] == "sqs"


def _with_state(state: str, response: Any) -> Any:
    status, headers, body = response
    described = json.loads(body)
    return status, headers, json.dumps(described | {"State": state} if "UUID" in described else described)
