"""Lets through what policies allow, and answers the rest as AWS does."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from cloudstage.context import Context
from cloudstage.iam import bucket_policies, denial, evaluate, principals, resource_policies
from cloudstage.iam.bucket_policies import denied_objects
from cloudstage.iam.evaluate import Decision
from cloudstage.iam.policy import Need
from cloudstage.iam.principals import Caller
from cloudstage.iam.requests import call as calls
from cloudstage.iam.requests import needs
from cloudstage.iam.requests.call import Call
from cloudstage.iam.wildcards import Context as Keys
from cloudstage.keys import KEY_OWNER, KeyOwner
from cloudstage.patching import Patch
from cloudstage.serving.gate import WSGIApplication

log = logging.getLogger(__name__)
current_caller: ContextVar[Caller | None] = ContextVar("current_caller", default=None)
"""Whose request is being answered, where it is not the administrator's: for services that go on in his name."""


def install(application: WSGIApplication, context: Context, patch: Patch) -> WSGIApplication:
    """Enforce roles in an application of moto's, if they are to be enforced."""
    if not context.configuration.enforce_roles:
        return application
    bucket_policies.install(context, patch)
    return Authorization(application, context)


class Authorization:
    """A WSGI application around the AWS one.

    The administrator's requests pass, and so do anonymous ones: ``Authentication``, in front of this, has
    verified the signature, and lets only requests for what is public come without one.
    """

    def __init__(self, application: WSGIApplication, context: Context) -> None:
        self._application = application
        self._account_id = context.account_id
        self._region = context.region

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        caller = self._caller(environ)
        current_caller.set(caller)
        denied_objects.set(frozenset())
        if caller:
            call = calls.read(environ, self._account_id, self._region)
            if text := self._refusal(call, caller):
                status, headers, body = denial.answer(call, text)
                start_response(status, [*headers, ("Content-Length", str(len(body)))])
                return [body]
        return self._application(environ, start_response)

    def _refusal(self, call: Call, caller: Caller) -> str | None:
        """AWS's words for the first thing that the call lacks; of several objects, each is refused by itself."""
        keys = _request_keys(call)
        denied = []
        for need in needs(call):
            decision = _decide(need, caller, keys, self._account_id)
            if not decision.allowed and call.operation != "DeleteObjects":
                return denial.message(caller.identity, need, decision.reason)
            if not decision.allowed:
                denied.append(need.resource or "*")
        denied_objects.set(frozenset(denied))
        return None

    def _caller(self, environ: dict[str, Any]) -> Caller | None:
        """Who calls, unless it is the administrator, or nobody known."""
        owner: KeyOwner | None = environ.get(KEY_OWNER)
        if owner is None or owner.is_administrator:
            return None
        return principals.caller(owner.access_key_id, self._account_id)


def refusal(need: Need, caller: Caller, account_id: str, region: str) -> str | None:
    """AWS's words if ``caller`` may not do what a service wants to do in its name."""
    decision = _decide(need, caller, every_requests_keys(account_id, region), account_id)
    return None if decision.allowed else denial.message(caller.identity, need, decision.reason)


def _decide(need: Need, caller: Caller, request: Keys, account_id: str) -> Decision:
    context = {**request, **caller.context, **need.context}
    resource = resource_policies.find(need, account_id)
    decision = evaluate.decide(need, context, caller.identity, caller.policies, resource)
    _record(need, caller, decision)
    return decision


def _request_keys(call: Call) -> Keys:
    """The condition keys of the HTTP request and its tags."""
    headers = call.request.headers
    keys = {"aws:sourceip": (call.request.remote_addr or "127.0.0.1",)}
    for name, header in (("aws:useragent", "User-Agent"), ("aws:referer", "Referer")):
        if header in headers:
            keys[name] = (headers[header],)
    return {**every_requests_keys(call.account_id, call.region), **keys, **_request_tags(call)}


def every_requests_keys(account_id: str, region: str) -> Keys:
    """The condition keys that every request to a region has."""
    now = datetime.datetime.now(datetime.UTC)
    return {
        "aws:currenttime": (now.isoformat(timespec="seconds"),),
        "aws:epochtime": (str(int(now.timestamp())),),
        "aws:requestedregion": (region,),
        "aws:resourceaccount": (account_id,),
        # The cloudstage stands in for an endpoint that is reached by TLS.
        "aws:securetransport": ("true",),
        "aws:viaawsservice": ("false",),
    }


def _request_tags(call: Call) -> Keys:
    """``aws:RequestTag/<name>`` and ``aws:TagKeys``, of requests that give tags as JSON."""
    tags = call.parameters.get("Tags") or call.parameters.get("tags")
    if isinstance(tags, dict):
        pairs = {str(name): str(value) for name, value in tags.items()}
    elif isinstance(tags, list):
        lowered = [
            {str(name).lower(): each[name] for name in each} for each in tags if isinstance(each, dict)
        ]
        pairs = {str(each["key"]): str(each.get("value", "")) for each in lowered if "key" in each}
    else:
        return {}
    return {
        "aws:tagkeys": tuple(pairs),
        **{f"aws:requesttag/{name.lower()}": (pairs[name],) for name in pairs},
    }


def _record(need: Need, caller: Caller, decision: Decision) -> None:
    """One line for what is denied; for what is allowed one for who wants to know (level DEBUG)."""
    if decision.allowed:
        log.debug("%s may %s on %s", caller.identity.arn, need.action, need.resource)
        return
    by = f" (denied by {decision.denied_by})" if decision.denied_by else ""
    log.warning(
        "%s may not %s on %s %s%s", caller.identity.arn, need.action, need.resource, decision.reason, by
    )
