"""Gaps in moto's SageMaker notebooks, as Terraform finds them."""

from __future__ import annotations

from typing import Any

from moto.core.responses import EmptyResult
from moto.core.utils import utcnow
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

KIND = ":notebook-instance-lifecycle-config/"


@adapter
def lifecycle_configurations_have_tags(patch: Patch) -> None:
    """The lifecycle configuration of notebooks is tagged when it is created, or later, and its tags are listed.

    moto 5.2.5 drops its tags and answers 500 when they are listed: Terraform can't apply one.
    """
    find = SageMakerModelBackend._get_resource_from_arn
    create = SageMakerResponse.create_notebook_instance_lifecycle_config

    def get_resource_from_arn(self: SageMakerModelBackend, arn: str) -> Any:
        _, found, name = arn.partition(KIND)
        if not found:
            return find(self, arn)
        configuration = self.notebook_instance_lifecycle_configurations[name]
        vars(configuration).setdefault("tags", [])
        return configuration

    def create_configuration(self: SageMakerResponse) -> Any:
        answer = create(self)
        name = self._get_param("NotebookInstanceLifecycleConfigName")
        configuration = self.sagemaker_backend.notebook_instance_lifecycle_configurations[name]
        vars(configuration)["tags"] = list(self._get_param("Tags") or ())
        return answer

    patch.replace(SageMakerModelBackend, "_get_resource_from_arn", get_resource_from_arn)
    patch.replace(SageMakerResponse, "create_notebook_instance_lifecycle_config", create_configuration)


@adapter
def lifecycle_configurations_can_be_changed(patch: Patch) -> None:
    """UpdateNotebookInstanceLifecycleConfig replaces the scripts that it names. moto 5.2.5 does not have it."""

    def update_configuration(self: SageMakerResponse) -> EmptyResult:
        name = self._get_param("NotebookInstanceLifecycleConfigName")
        configuration = self.sagemaker_backend.notebook_instance_lifecycle_configurations.get(name)
        if configuration is None:
            raise ValidationError(message=f"Unable to describe Notebook Instance Lifecycle Config '{name}'.")
        configuration.on_create = self._get_param("OnCreate") or configuration.on_create
        configuration.on_start = self._get_param("OnStart") or configuration.on_start
        configuration.last_modified_time = utcnow()
        return EmptyResult()

    patch.replace(SageMakerResponse, "update_notebook_instance_lifecycle_config", update_configuration)
