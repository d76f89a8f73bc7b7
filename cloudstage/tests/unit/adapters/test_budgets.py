"""Budgets can be changed, notify subscribers, and have tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import budgets

from .gaps import Adapted, with_and_without

ACCOUNT = "123456789012"
BUDGET = {
    "BudgetName": "monthly",
    "BudgetLimit": {"Amount": "100", "Unit": "USD"},
    "TimeUnit": "MONTHLY",
    "BudgetType": "COST",
}
NOTIFICATION = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80}
SUBSCRIBERS = [{"SubscriptionType": "EMAIL", "Address": "ops@example.com"}]


@with_and_without(budgets.update_budget)
def test_a_budget_is_changed(client: Callable[[str], Any], adapted: Adapted) -> None:
    spending = client("budgets")
    spending.create_budget(AccountId=ACCOUNT, Budget=BUDGET)
    with adapted:
        more = BUDGET | {"BudgetLimit": {"Amount": "200", "Unit": "USD"}}
        spending.update_budget(AccountId=ACCOUNT, NewBudget=more)
    budget = spending.describe_budget(AccountId=ACCOUNT, BudgetName="monthly")["Budget"]
    assert budget["BudgetLimit"]["Amount"] == "200"


@with_and_without(budgets.notifications_have_subscribers)
def test_a_notification_has_its_subscribers(client: Callable[[str], Any], adapted: Adapted) -> None:
    spending = client("budgets")
    notifications = [{"Notification": NOTIFICATION, "Subscribers": SUBSCRIBERS}]
    spending.create_budget(AccountId=ACCOUNT, Budget=BUDGET, NotificationsWithSubscribers=notifications)
    with adapted:
        answer = spending.describe_subscribers_for_notification(
            AccountId=ACCOUNT, BudgetName="monthly", Notification=NOTIFICATION
        )
    assert answer["Subscribers"] == SUBSCRIBERS


@with_and_without(budgets.budgets_have_tags)
def test_a_budget_is_tagged(client: Callable[[str], Any], adapted: Adapted) -> None:
    spending = client("budgets")
    arn = f"arn:aws:budgets::{ACCOUNT}:budget/monthly"
    tags = [{"Key": "Team", "Value": "data"}, {"Key": "Env", "Value": "test"}]
    with adapted:
        spending.create_budget(AccountId=ACCOUNT, Budget=BUDGET, ResourceTags=tags[:1])
        spending.tag_resource(ResourceARN=arn, ResourceTags=tags[1:])
        assert spending.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == tags
        spending.untag_resource(ResourceARN=arn, ResourceTagKeys=["Team"])
        assert spending.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == tags[1:]
