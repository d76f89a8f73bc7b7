"""Classifiers, data quality rulesets and user-defined functions are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudstage.adapters import glue_definitions

from .gaps import Adapted, with_and_without


@with_and_without(glue_definitions.classifiers)
def test_a_classifier(client: Callable[[str], Any], adapted: Adapted) -> None:
    glue = client("glue")
    with adapted:
        glue.create_classifier(CsvClassifier={"Name": "csv", "Delimiter": ";", "ContainsHeader": "PRESENT"})
        with pytest.raises(glue.exceptions.AlreadyExistsException):
            glue.create_classifier(JsonClassifier={"Name": "csv", "JsonPath": "$"})
        glue.update_classifier(CsvClassifier={"Name": "csv", "Delimiter": "|"})
        classifier = glue.get_classifier(Name="csv")["Classifier"]["CsvClassifier"]
        assert (classifier["Delimiter"], classifier["ContainsHeader"]) == ("|", "PRESENT")
        assert classifier["Version"] == 2
        glue.delete_classifier(Name="csv")
        with pytest.raises(glue.exceptions.EntityNotFoundException):
            glue.get_classifier(Name="csv")
        assert glue.get_classifiers()["Classifiers"] == []


@with_and_without(glue_definitions.data_quality_rulesets)
def test_a_data_quality_ruleset(client: Callable[[str], Any], adapted: Adapted) -> None:
    glue = client("glue")
    table = {"DatabaseName": "lake", "TableName": "orders"}
    with adapted:
        glue.create_data_quality_ruleset(
            Name="q", Ruleset='Rules = [IsComplete "id"]', TargetTable=table, Tags={"Team": "data"}
        )
        glue.update_data_quality_ruleset(Name="q", Description="Changed")
        ruleset = glue.get_data_quality_ruleset(Name="q")
        assert (ruleset["Description"], ruleset["TargetTable"]) == ("Changed", table)
        arn = "arn:aws:glue:eu-central-1:123456789012:dataQualityRuleset/q"
        assert glue.get_tags(ResourceArn=arn)["Tags"] == {"Team": "data"}
        assert [each["Name"] for each in glue.list_data_quality_rulesets()["Rulesets"]] == ["q"]
        glue.delete_data_quality_ruleset(Name="q")
        with pytest.raises(ClientError, match="was not found"):
            glue.delete_data_quality_ruleset(Name="q")


@with_and_without(glue_definitions.user_defined_functions)
def test_a_user_defined_function(client: Callable[[str], Any], adapted: Adapted) -> None:
    glue = client("glue")
    glue.create_database(DatabaseInput={"Name": "lake"})
    named = {"DatabaseName": "lake", "FunctionName": "f"}
    given = {"FunctionName": "f", "ClassName": "one.F", "OwnerName": "data", "OwnerType": "GROUP"}
    with adapted:
        glue.create_user_defined_function(DatabaseName="lake", FunctionInput=given)
        glue.update_user_defined_function(**named, FunctionInput=given | {"ClassName": "two.F"})
        function = glue.get_user_defined_function(**named)["UserDefinedFunction"]
        assert (function["ClassName"], function["DatabaseName"]) == ("two.F", "lake")
        assert (
            len(glue.get_user_defined_functions(DatabaseName="lake", Pattern="*")["UserDefinedFunctions"])
            == 1
        )
        glue.delete_user_defined_function(**named)
        with pytest.raises(glue.exceptions.EntityNotFoundException):
            glue.get_user_defined_function(**named)
