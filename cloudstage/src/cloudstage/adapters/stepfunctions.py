"""Gaps in moto's Step Functions."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser, ASLParserException
from moto.stepfunctions.responses import StepFunctionResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def validate_state_machine_definition(patch: Patch) -> None:
    """ValidateStateMachineDefinition must say whether a definition is one.

    moto 5.2.5 has no such operation, with which Terraform begins when it plans a state machine.
    """

    def validate(self: StepFunctionResponse) -> tuple[int, dict[str, str], str]:
        problems = _problems(self._get_param("definition"))
        answer = {"result": "FAIL" if problems else "OK", "diagnostics": problems, "truncated": False}
        return 200, {}, json.dumps(answer)

    patch.replace(StepFunctionResponse, "validate_state_machine_definition", validate)


@adapter
def list_state_machine_versions(patch: Patch) -> None:
    """ListStateMachineVersions must list the versions of a state machine, the latest first.

    moto 5.2.5 has no such operation, which Terraform needs to read a state machine.
    """

    def list_versions(self: StepFunctionResponse) -> ActionResult:
        machine: Any = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
        versions = [
            {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
            for _, version in sorted(machine.versions.items(), reverse=True)
        ]
        return ActionResult({"stateMachineVersions": versions})

    patch.replace(StepFunctionResponse, "list_state_machine_versions", list_versions)


def _problems(definition: str) -> list[dict[str, Any]]:
    """The diagnostics of a definition: none if moto's own interpreter can read it."""
    try:
        json.loads(definition)
        AmazonStateLanguageParser.parse(definition)
    except ValueError as error:
        return [_problem("INVALID_JSON_DESCRIPTION", str(error))]
    except ASLParserException as error:
        return [_problem("SCHEMA_VALIDATION_FAILED", str(each)) for each in error.errors]
    except Exception as error:  # the interpreter refuses by whatever it stumbles over
        return [_problem("SCHEMA_VALIDATION_FAILED", str(error) or type(error).__name__)]
    return []


def _problem(code: str, message: str) -> dict[str, Any]:
    return {"severity": "ERROR", "code": code, "message": message}
