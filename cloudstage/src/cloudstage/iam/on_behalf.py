"""What services do with the role of what they run: take messages for a function, write its log.

The cloudstage does these things as itself, but only if the role may.
"""

from __future__ import annotations

from cloudstage.context import Context
from cloudstage.iam import authorization, principals
from cloudstage.iam.policy import Need
from cloudstage.iam.requests import keys


def may(context: Context, role_arn: str, need: Need) -> bool:
    """Whether a role allows ``need``, and every role does while roles are not enforced; a refusal is logged."""
    if not context.configuration.enforce_roles:
        return True
    caller = principals.role_caller(role_arn, context.account_id)
    if caller is None:
        return False
    return authorization.refusal(need, caller, context.account_id, context.region) is None


def may_use_key(context: Context, role_arn: str, action: str, key_arn: str) -> bool:
    """Whether a role may use a customer's KMS key; true of a key that is not there, or that AWS manages."""
    key = keys.find(key_arn, context.account_id, context.region)
    return key is None or may(context, role_arn, Need(f"kms:{action}", key.arn))
