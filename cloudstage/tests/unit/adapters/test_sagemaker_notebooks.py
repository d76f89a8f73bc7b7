"""Lifecycle configurations of notebooks have tags and can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import sagemaker_notebooks

from .gaps import Adapted, with_and_without


@with_and_without(sagemaker_notebooks.lifecycle_configurations_have_tags)
def test_a_lifecycle_configuration_is_tagged(client: Callable[[str], Any], adapted: Adapted) -> None:
    sagemaker = client("sagemaker")
    tags = [{"Key": "Team", "Value": "data"}, {"Key": "Env", "Value": "test"}]
    name = "NotebookInstanceLifecycleConfigName"
    with adapted:
        created = sagemaker.create_notebook_instance_lifecycle_config(**{name: "start"}, Tags=tags[:1])
        arn = created["NotebookInstanceLifecycleConfigArn"]
        sagemaker.add_tags(ResourceArn=arn, Tags=tags[1:])
        assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == tags
        sagemaker.describe_notebook_instance_lifecycle_config(**{name: "start"})


@with_and_without(sagemaker_notebooks.lifecycle_configurations_can_be_changed)
def test_an_update_replaces_the_script(client: Callable[[str], Any], adapted: Adapted) -> None:
    sagemaker = client("sagemaker")
    named = {"NotebookInstanceLifecycleConfigName": "start"}
    sagemaker.create_notebook_instance_lifecycle_config(**named, OnStart=[{"Content": "b25l"}])
    with adapted:
        sagemaker.update_notebook_instance_lifecycle_config(**named, OnStart=[{"Content": "dHdv"}])
    described = sagemaker.describe_notebook_instance_lifecycle_config(**named)
    assert described["OnStart"] == [{"Content": "dHdv"}]
