"""Gaps in moto's budgets, as Terraform finds them."""

from __future__ import annotations

import json
from typing import Any

from moto.budgets.exceptions import NotFoundException
from moto.budgets.responses import BudgetsResponse
from moto.core.utils import unix_time

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def update_budget(patch: Patch) -> None:
    """UpdateBudget replaces a budget's definition and keeps its notifications. moto 5.2.5 does not have it."""

    def update_budget(self: BudgetsResponse) -> str:
        given: dict[str, Any] = self._get_param("NewBudget")
        budget = _budget(self, given["BudgetName"])
        budget.budget = budget.budget | given | {"LastUpdatedTime": unix_time()}
        return "{}"

    patch.replace(BudgetsResponse, "update_budget", update_budget)


@adapter
def notifications_have_subscribers(patch: Patch) -> None:
    """DescribeSubscribersForNotification lists who gets a notification. Nobody gets one here.

    moto 5.2.5 keeps the subscribers and can't list them: Terraform can't apply a budget with notifications.
    """

    def describe_subscribers_for_notification(self: BudgetsResponse) -> str:
        wanted = self._get_param("Notification")
        for notification in _budget(self, self._get_param("BudgetName")).notifications:
            if all(notification.details.get(name) == value for name, value in wanted.items()):
                return json.dumps({"Subscribers": notification.subscribers})
        raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")

    patch.replace(
        BudgetsResponse, "describe_subscribers_for_notification", describe_subscribers_for_notification
    )


@adapter
def budgets_have_tags(patch: Patch) -> None:
    """A budget is tagged when it is created, or later, and its tags are listed; moto 5.2.5 has no tags of budgets."""
    create = BudgetsResponse.create_budget

    def create_budget(self: BudgetsResponse) -> str:
        answer = create(self)
        name = self._get_param("Budget")["BudgetName"]
        _tags(self, name).update({tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags") or ()})
        return answer

    def list_tags_for_resource(self: BudgetsResponse) -> str:
        tags = _tags(self, _name(self))
        return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]})

    def tag_resource(self: BudgetsResponse) -> str:
        given = self._get_param("ResourceTags")
        _tags(self, _name(self)).update({tag["Key"]: tag["Value"] for tag in given})
        return "{}"

    def untag_resource(self: BudgetsResponse) -> str:
        for key in self._get_param("ResourceTagKeys"):
            _tags(self, _name(self)).pop(key, None)
        return "{}"

    for operation in (create_budget, list_tags_for_resource, tag_resource, untag_resource):
        patch.replace(BudgetsResponse, operation.__name__, operation)


def _name(response: BudgetsResponse) -> str:
    return str(response._get_param("ResourceARN")).partition(":budget/")[2]


def _tags(response: BudgetsResponse, name: str) -> dict[str, str]:
    """The tags of a budget, with which they are saved."""
    tags: dict[str, str] = vars(_budget(response, name)).setdefault("tags", {})
    return tags


def _budget(response: BudgetsResponse, name: str) -> Any:
    account = response._get_param("AccountId") or response.current_account
    budgets = response.backend.budgets[account]
    if name not in budgets:
        raise NotFoundException(f"Unable to get budget: {name} - the budget doesn't exist.")
    return budgets[name]
