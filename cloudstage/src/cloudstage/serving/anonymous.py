"""What AWS lets anybody do without a signature."""

from __future__ import annotations

import functools
import json
import re
from typing import Any
from urllib.parse import parse_qs

import botocore.session
from moto.s3.models import FakeBucket

from cloudstage.serving.s3_target import S3Target, s3_target

_TARGETS = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
}
_POOL_DOCUMENTS = re.compile(r"/[a-z]{2}(-[a-z]+)+-\d_\w+/\.well-known/(jwks\.json|openid-configuration)")
_OBJECT_ACTIONS = {
    "GET": "s3:GetObject",
    "HEAD": "s3:GetObject",
    "PUT": "s3:PutObject",
    "DELETE": "s3:DeleteObject",
}
_PLAIN_OBJECT_PARAMETERS = frozenset({"versionId", "partNumber", "x-id"})
_PLAIN_LISTING_PARAMETERS = frozenset({
    "continuation-token", "delimiter", "encoding-type", "fetch-owner", "list-type", "marker", "max-keys",
    "prefix", "start-after", "x-id",
})  # fmt: skip


def may_be_anonymous(environ: dict[str, Any], account_id: str) -> bool:
    """Whether AWS answers this request although it is not signed.

    That is so for operations by which somebody signs in at Cognito, and for S3 as far as a bucket's policy or
    ACLs name everybody. AssumeRoleWithWebIdentity and AssumeRoleWithSAML are not among them: moto believes
    any token, so that anybody on this machine would get the keys of every role.
    """
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return _is_public_operation(*str(target).rpartition(".")[::2])
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return False
    if environ["REQUEST_METHOD"] == "GET" and _POOL_DOCUMENTS.fullmatch(environ["PATH_INFO"]):
        return True
    found = s3_target(environ, account_id)
    if found is None:
        return False
    return is_preflight(environ) or _is_public(found, environ)


def is_preflight(environ: dict[str, Any]) -> bool:
    """Whether a browser asks S3 what a page may send: that does nothing, and is never signed."""
    names = ("HTTP_AUTHORIZATION", "HTTP_X_AMZ_TARGET")
    asks = environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
    return asks and not any(name in environ for name in names)


@functools.cache
def _is_public_operation(prefix: str, operation: str) -> bool:
    service = _TARGETS.get(prefix)
    if service is None:
        return False
    model = botocore.session.get_session().get_service_model(service)
    return operation in model.operation_names and model.operation_model(operation).auth_type == "none"


def _is_public(target: S3Target, environ: dict[str, Any]) -> bool:
    """Whether everybody may do this with a bucket or an object.

    A policy with conditions is taken to forbid what it may forbid, and to allow nothing.
    """
    parameters = set(parse_qs(environ["QUERY_STRING"], keep_blank_values=True))
    method = environ["REQUEST_METHOD"]
    if target.key:
        plain, asked = _PLAIN_OBJECT_PARAMETERS, _OBJECT_ACTIONS.get(method)
        if asked == "s3:GetObject" and "versionId" in parameters:
            asked = "s3:GetObjectVersion"
    else:
        plain, asked = _PLAIN_LISTING_PARAMETERS, "s3:ListBucket" if method in ("GET", "HEAD") else None
    if asked is None or not parameters <= plain:
        return False
    bucket = target.bucket
    resource = f"{bucket.arn}/{target.key}" if target.key else bucket.arn
    effects = _effects(bucket, asked, resource)
    if "Deny" in effects:
        return False
    block = bucket.public_access_block
    if "Allow" in effects and not (block and block.restrict_public_buckets):
        return True
    return method in ("GET", "HEAD") and not (block and block.ignore_public_acls) and _acl_is_public(target)


def _acl_is_public(target: S3Target) -> bool:
    acl = target.bucket.acl
    if target.key:
        key = target.bucket.keys.get(target.key)
        acl = key.acl if key else None
    return bool(acl and acl.public_read)


def _effects(bucket: FakeBucket, asked: str, resource: str) -> set[str]:
    """The effects of those statements of the bucket's policy that are about everybody's ``asked``."""
    statements = json.loads(bucket.policy).get("Statement", []) if bucket.policy else []
    return {
        statement["Effect"]
        for statement in _listed(statements)
        if _names_everybody(statement)
        and any(_matches(pattern, asked, re.IGNORECASE) for pattern in _listed(statement.get("Action", [])))
        and any(_matches(pattern, resource) for pattern in _listed(statement.get("Resource", [])))
        and not (statement["Effect"] == "Allow" and "Condition" in statement)
    }


def _names_everybody(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        principal = principal.get("AWS")
    return "*" in _listed(principal) or (statement["Effect"] == "Deny" and "NotPrincipal" in statement)


def _matches(pattern: str, text: str, flags: re.RegexFlag = re.NOFLAG) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, flags | re.DOTALL) is not None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
