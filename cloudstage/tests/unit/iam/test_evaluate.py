"""The decision: who wins when policies disagree."""

from __future__ import annotations

from typing import Any

import pytest

from cloudstage.iam.evaluate import CallerPolicies, Decision, ResourcePolicy, decide
from cloudstage.iam.policy import Identity, Need, Policy, from_document

ROLE = "arn:aws:iam::123456789012:role/job"
SESSION = "arn:aws:sts::123456789012:assumed-role/job/run"
ACCOUNT = "arn:aws:iam::123456789012:root"
IDENTITY = Identity(SESSION, ROLE, "123456789012")
GET = Need("s3:GetObject", "arn:aws:s3:::lake/raw/file")


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": "s3:GetObject", "Resource": "*"} | elements


def policy(*statements: dict[str, Any], name: str = "policy") -> Policy:
    return from_document(name, {"Statement": list(statements)})


def decided(
    *own: Policy,
    need: Need = GET,
    boundary: Policy | None = None,
    session: list[Policy] | None = None,
    resource: ResourcePolicy | None = None,
) -> Decision:
    return decide(need, need.context, IDENTITY, CallerPolicies(own, boundary, session or []), resource)


def test_nothing_is_allowed_by_itself() -> None:
    decision = decided()
    assert not decision.allowed
    assert decision.reason == "because no identity-based policy allows the s3:GetObject action"


@pytest.mark.parametrize(
    ("elements", "allowed"),
    [
        ({"Action": "s3:GetObject"}, True),
        ({"Action": "S3:getobject"}, True),
        ({"Action": ["s3:PutObject", "s3:Get*"]}, True),
        ({"Action": "*"}, True),
        ({"Action": "s3:GetObjectTagging"}, False),
        ({"Action": "s3:GetObjec?"}, True),
        ({"Resource": "arn:aws:s3:::lake/*"}, True),
        ({"Resource": "arn:aws:s3:::lake/raw/fil?"}, True),
        ({"Resource": "arn:aws:s3:::lake"}, False),
        ({"Resource": "arn:aws:s3:::LAKE/*"}, False),
        ({"Resource": ["arn:aws:s3:::other/*", "arn:aws:s3:::lake/raw/*"]}, True),
    ],
)
def test_actions_ignore_case_and_resources_do_not(elements: dict[str, Any], allowed: bool) -> None:
    assert decided(policy(statement(**elements))).allowed is allowed


@pytest.mark.parametrize(
    ("not_action", "allowed"), [("s3:GetObject", False), ("s3:Put*", True), (["iam:*", "s3:G*"], False)]
)
def test_not_action_is_about_every_other_action(not_action: Any, allowed: bool) -> None:
    others = {"Effect": "Allow", "NotAction": not_action, "Resource": "*"}
    assert decided(policy(others)).allowed is allowed


@pytest.mark.parametrize(
    ("not_resource", "allowed"), [("arn:aws:s3:::lake/raw/*", False), ("arn:aws:s3:::lake/tmp/*", True)]
)
def test_not_resource_is_about_every_other_resource(not_resource: str, allowed: bool) -> None:
    others = {"Effect": "Allow", "Action": "s3:*", "NotResource": not_resource}
    assert decided(policy(others)).allowed is allowed


def test_an_explicit_deny_wins_and_is_named() -> None:
    deny = policy(statement("Deny", Resource="arn:aws:s3:::lake/raw/*"), name="guard")
    decision = decided(policy(statement()), deny)
    assert not decision.allowed
    assert decision.reason == "with an explicit deny in an identity-based policy"
    assert decision.denied_by == "guard"


def test_a_deny_with_a_condition_that_does_not_hold_denies_nothing() -> None:
    unless = {"Bool": {"aws:SecureTransport": "false"}}
    assert decided(policy(statement(), statement("Deny", Condition=unless))).allowed


def test_a_boundary_limits_what_policies_allow() -> None:
    decision = decided(policy(statement()), boundary=policy(statement(Action="s3:PutObject")))
    assert decision.reason == "because no permissions boundary allows the s3:GetObject action"
    assert decided(policy(statement()), boundary=policy(statement(Action="s3:*"))).allowed


def test_a_boundary_allows_nothing_by_itself() -> None:
    assert not decided(boundary=policy(statement())).allowed


def test_a_session_policy_limits_what_policies_allow() -> None:
    decision = decided(policy(statement()), session=[policy(statement(Action="s3:PutObject"))])
    assert decision.reason == "because no session policy allows the s3:GetObject action"
    assert decided(policy(statement()), session=[policy(statement())]).allowed


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ROLE}, {"AWS": ["x", SESSION]}])
def test_a_resources_policy_that_names_the_caller_is_enough(principal: Any) -> None:
    resource = ResourcePolicy(policy(statement(Principal=principal)))
    assert decided(resource=resource).allowed


@pytest.mark.parametrize("principal", [{"AWS": ACCOUNT}, {"AWS": "123456789012"}])
def test_a_resources_policy_that_names_the_account_leaves_it_to_the_callers_policies(principal: Any) -> None:
    resource = ResourcePolicy(policy(statement(Principal=principal)))
    assert not decided(resource=resource).allowed
    assert decided(policy(statement()), resource=resource).allowed


@pytest.mark.parametrize(
    "principal", [{"Service": "glue.amazonaws.com"}, {"AWS": "arn:aws:iam::123456789012:role/other"}]
)
def test_a_resources_policy_for_others_says_nothing(principal: Any) -> None:
    resource = ResourcePolicy(policy(statement(Principal=principal)))
    assert not decided(resource=resource).allowed
    deny = ResourcePolicy(policy(statement("Deny", Principal=principal)))
    assert decided(policy(statement()), resource=deny).allowed


def test_a_deny_of_the_resources_policy_wins() -> None:
    resource = ResourcePolicy(policy(statement("Deny", Principal="*"), name="the bucket's"))
    decision = decided(policy(statement()), resource=resource)
    assert decision.reason == "with an explicit deny in a resource-based policy"
    assert decision.denied_by == "the bucket's"


def test_not_principal_denies_all_but_the_named() -> None:
    others = ResourcePolicy(policy(statement("Deny", NotPrincipal={"AWS": [ROLE, SESSION]})))
    assert decided(policy(statement()), resource=others).allowed
    me = ResourcePolicy(policy(statement("Deny", NotPrincipal={"AWS": "arn:aws:iam::123456789012:role/x"})))
    assert not decided(policy(statement()), resource=me).allowed


def test_a_key_must_agree() -> None:
    need = Need("kms:Decrypt", "arn:aws:kms:eu-central-1:123456789012:key/1")
    own = policy(statement(Action="kms:*"))
    silent = ResourcePolicy(policy(statement(Principal={"Service": "s3.amazonaws.com"})), must_agree=True)
    assert decided(own, need=need, resource=silent).reason == (
        "because no resource-based policy allows the kms:Decrypt action"
    )
    admits = ResourcePolicy(policy(statement(Action="kms:*", Principal={"AWS": ACCOUNT})), must_agree=True)
    assert decided(own, need=need, resource=admits).allowed
    assert not decided(need=need, resource=admits).allowed


def test_an_unknown_resource_is_allowed_by_an_allow_of_any() -> None:
    need = Need("batch:SubmitJob", None)
    assert decided(
        policy(statement(Action="batch:SubmitJob", Resource="arn:aws:batch:::x")), need=need
    ).allowed
    denied = policy(statement("Deny", Action="batch:*", Resource="arn:aws:batch:::x"))
    assert decided(policy(statement(Action="batch:*")), denied, need=need).allowed
    assert not decided(policy(statement(Action="batch:*"), statement("Deny", Action="*")), need=need).allowed
    assert not decided(policy(statement()), need=need).allowed


def test_variables_of_the_request_are_put_into_resources() -> None:
    need = Need("s3:GetObject", "arn:aws:s3:::lake/home/anna/x", {"aws:username": ("anna",)})
    own = policy(statement(Resource="arn:aws:s3:::lake/home/${aws:username}/*"))
    assert decided(own, need=need).allowed
    other = Need("s3:GetObject", "arn:aws:s3:::lake/home/bert/x", {"aws:username": ("anna",)})
    assert not decided(own, need=other).allowed
