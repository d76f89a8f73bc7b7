"""Gaps in moto's Glue jobs and triggers, as Terraform finds them."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.glue.models import GlueBackend
from moto.glue.responses import GlueResponse
from moto.glue.utils import Action, Predicate

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

# A field of JobUpdate, and where moto's job keeps it.
_JOB_FIELDS = {
    "AllocatedCapacity": "allocated_capacity",
    "Command": "command",
    "Connections": "connections",
    "DefaultArguments": "default_arguments",
    "Description": "description",
    "ExecutionClass": "execution_class",
    "ExecutionProperty": "execution_property",
    "GlueVersion": "glue_version",
    "LogUri": "log_uri",
    "MaxCapacity": "max_capacity",
    "MaxRetries": "max_retries",
    "NonOverridableArguments": "non_overridable_arguments",
    "NotificationProperty": "notification_property",
    "NumberOfWorkers": "number_of_workers",
    "Role": "role",
    "SecurityConfiguration": "security_configuration",
    "Timeout": "timeout",
    "WorkerType": "worker_type",
}
_NEVER_ABSENT: dict[str, Any] = {"DefaultArguments": {}, "ExecutionProperty": {}}


@adapter
def update_job(patch: Patch) -> None:
    """UpdateJob must replace a job's definition and keep its runs.

    moto 5.2.5 has no UpdateJob, so Terraform can create a job but never change it. As on AWS, what the
    update leaves out falls back to its default.
    """

    def update_job(self: GlueResponse) -> ActionResult:
        request = self.parameters
        job = self.glue_backend.get_job(request["JobName"])
        for field, attribute in _JOB_FIELDS.items():
            setattr(job, attribute, request["JobUpdate"].get(field, _NEVER_ABSENT.get(field)))
        job.last_modified_on = utcnow()
        return ActionResult({"JobName": job.name})

    patch.replace(GlueResponse, "update_job", update_job)


@adapter
def update_trigger(patch: Patch) -> None:
    """UpdateTrigger must change a trigger's schedule, actions, description and what it waits for.

    moto 5.2.5 has no UpdateTrigger: a job's schedule could be created but not changed.
    """

    def update_trigger(self: GlueResponse) -> ActionResult:
        request = self.parameters
        trigger = self.glue_backend.get_trigger(request["Name"])
        update: dict[str, Any] = request["TriggerUpdate"]
        trigger.description = update.get("Description", "")
        trigger.schedule = update.get("Schedule", "")
        trigger.actions = [Action(action) for action in update.get("Actions", [])]
        trigger.predicate = Predicate(update["Predicate"]) if update.get("Predicate") else None
        trigger.event_batching_condition = update.get("EventBatchingCondition", {})
        return ActionResult({"Trigger": trigger.as_dict()})

    patch.replace(GlueResponse, "update_trigger", update_trigger)


@adapter
def execution_class_is_as_given(patch: Patch) -> None:
    """GetJob must leave ``ExecutionClass`` out if CreateJob did: standard runs are what is meant then.

    moto 5.2.5 answers STANDARD, which Terraform plans to remove, again and again. Its own acceptance tests
    (hashicorp/terraform-provider-aws, `TestAccGlueJob_basic`) show what AWS answers.
    """
    original = GlueBackend.create_job

    def create_job(self: GlueBackend, **definition: Any) -> None:
        original(self, **definition)
        self.jobs[definition["name"]].execution_class = definition["execution_class"]

    patch.replace(GlueBackend, "create_job", create_job)
