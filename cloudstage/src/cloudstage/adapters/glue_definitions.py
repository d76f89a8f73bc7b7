"""Definitions that moto's Glue lacks: kept as they were given, read, changed and deleted.

Source for the shapes: the Glue API reference.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.glue.exceptions import AlreadyExistsException, EntityNotFoundException, InvalidInputException
from moto.glue.models import GlueBackend
from moto.glue.responses import GlueResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

_CLASSIFIER_KINDS = ("CsvClassifier", "GrokClassifier", "JsonClassifier", "XMLClassifier")


class _Definitions:
    """The definitions of one kind, with the region's Glue, with which they are saved."""

    def __init__(self, backend: GlueBackend, kind: str) -> None:
        kinds: dict[str, dict[Any, dict[str, Any]]] = vars(backend).setdefault("definitions", {})
        self._kind = kind
        self._kept = kinds.setdefault(kind, {})

    def add(self, name: Any, definition: dict[str, Any]) -> None:
        if name in self._kept:
            raise AlreadyExistsException(f"{self._kind} {_text(name)} already exists")
        self._kept[name] = definition

    def get(self, name: Any) -> dict[str, Any]:
        if name not in self._kept:
            raise EntityNotFoundException(f"{self._kind} {_text(name)} was not found")
        return self._kept[name]

    def remove(self, name: Any) -> None:
        self.get(name)
        del self._kept[name]

    def all(self) -> list[dict[str, Any]]:
        return list(self._kept.values())


@adapter
def classifiers(patch: Patch) -> None:
    """Classifiers of all four kinds, which moto 5.2.5 does not have."""

    def create_classifier(self: GlueResponse) -> EmptyResult:
        kind, given = _classifier(self.parameters)
        now = utcnow()
        made = {**given, "CreationTime": now, "LastUpdated": now, "Version": 1}
        _Definitions(self.glue_backend, "Classifier").add(given["Name"], {kind: made})
        return EmptyResult()

    def update_classifier(self: GlueResponse) -> EmptyResult:
        kind, given = _classifier(self.parameters)
        kept = _Definitions(self.glue_backend, "Classifier").get(given["Name"])
        if kind not in kept:
            raise InvalidInputException("UpdateClassifier", f"{given['Name']} is not a {kind}")
        kept[kind] |= {**given, "LastUpdated": utcnow(), "Version": kept[kind]["Version"] + 1}
        return EmptyResult()

    def get_classifier(self: GlueResponse) -> ActionResult:
        kept = _Definitions(self.glue_backend, "Classifier").get(self.parameters["Name"])
        return ActionResult({"Classifier": kept})

    def get_classifiers(self: GlueResponse) -> ActionResult:
        return ActionResult({"Classifiers": _Definitions(self.glue_backend, "Classifier").all()})

    def delete_classifier(self: GlueResponse) -> EmptyResult:
        _Definitions(self.glue_backend, "Classifier").remove(self.parameters["Name"])
        return EmptyResult()

    _add(patch, create_classifier, update_classifier, get_classifier, get_classifiers, delete_classifier)


@adapter
def data_quality_rulesets(patch: Patch) -> None:
    """Data quality rulesets, which moto 5.2.5 does not have. Nothing evaluates them."""
    kind = "Data quality ruleset"

    def create_data_quality_ruleset(self: GlueResponse) -> ActionResult:
        given = dict(self.parameters)
        tags, now = given.pop("Tags", None), utcnow()
        given.pop("ClientToken", None)
        definition = {**given, "CreatedOn": now, "LastModifiedOn": now}
        _Definitions(self.glue_backend, kind).add(given["Name"], definition)
        region = f"arn:{self.partition}:glue:{self.region}:{self.current_account}"
        self.glue_backend.tag_resource(f"{region}:dataQualityRuleset/{given['Name']}", tags)
        return ActionResult({"Name": given["Name"]})

    def update_data_quality_ruleset(self: GlueResponse) -> ActionResult:
        kept = _Definitions(self.glue_backend, kind).get(self.parameters["Name"])
        kept |= {**self.parameters, "LastModifiedOn": utcnow()}
        return ActionResult(kept)

    def get_data_quality_ruleset(self: GlueResponse) -> ActionResult:
        return ActionResult(_Definitions(self.glue_backend, kind).get(self.parameters["Name"]))

    def list_data_quality_rulesets(self: GlueResponse) -> ActionResult:
        return ActionResult({"Rulesets": _Definitions(self.glue_backend, kind).all()})

    def delete_data_quality_ruleset(self: GlueResponse) -> EmptyResult:
        _Definitions(self.glue_backend, kind).remove(self.parameters["Name"])
        return EmptyResult()

    _add(
        patch,
        create_data_quality_ruleset,
        update_data_quality_ruleset,
        get_data_quality_ruleset,
        list_data_quality_rulesets,
        delete_data_quality_ruleset,
    )


@adapter
def user_defined_functions(patch: Patch) -> None:
    """User-defined functions of a database, which moto 5.2.5 does not have."""
    kind = "User-defined function"

    def create_user_defined_function(self: GlueResponse) -> EmptyResult:
        database, given = self.parameters["DatabaseName"], self.parameters["FunctionInput"]
        self.glue_backend.get_database(database)
        catalog = self.parameters.get("CatalogId", self.current_account)
        made = {**given, "DatabaseName": database, "CatalogId": catalog, "CreateTime": utcnow()}
        _Definitions(self.glue_backend, kind).add((database, given["FunctionName"]), made)
        return EmptyResult()

    def update_user_defined_function(self: GlueResponse) -> EmptyResult:
        kept = _Definitions(self.glue_backend, kind).get(_function(self.parameters))
        kept |= self.parameters["FunctionInput"]
        return EmptyResult()

    def get_user_defined_function(self: GlueResponse) -> ActionResult:
        kept = _Definitions(self.glue_backend, kind).get(_function(self.parameters))
        return ActionResult({"UserDefinedFunction": kept})

    def get_user_defined_functions(self: GlueResponse) -> ActionResult:
        database = self.parameters.get("DatabaseName")
        kept = _Definitions(self.glue_backend, kind).all()
        found = [each for each in kept if database in (None, each["DatabaseName"])]
        return ActionResult({"UserDefinedFunctions": found})

    def delete_user_defined_function(self: GlueResponse) -> EmptyResult:
        _Definitions(self.glue_backend, kind).remove(_function(self.parameters))
        return EmptyResult()

    _add(
        patch,
        create_user_defined_function,
        update_user_defined_function,
        get_user_defined_function,
        get_user_defined_functions,
        delete_user_defined_function,
    )


def _add(patch: Patch, *operations: Any) -> None:
    for operation in operations:
        patch.replace(GlueResponse, operation.__name__, operation)


def _text(name: Any) -> str:
    return ".".join(name) if isinstance(name, tuple) else str(name)


def _function(request: dict[str, Any]) -> tuple[str, str]:
    return request["DatabaseName"], request["FunctionName"]


def _classifier(request: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind and the fields of the one classifier that a request describes."""
    for name, fields in request.items():
        for kind in _CLASSIFIER_KINDS:
            if name.lower() == kind.lower():
                return kind, dict(fields)
    raise InvalidInputException("CreateClassifier", "A classifier of one kind is required")
