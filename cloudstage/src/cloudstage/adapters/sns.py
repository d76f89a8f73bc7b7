"""A gap in moto's SNS.

Source: "Message filtering" in the Amazon SNS developer guide.
"""

from __future__ import annotations

from typing import Any

from moto.sns.utils import FilterPolicyMatcher

from cloudstage.adapters.array_elements import alternatives, readings
from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch


@adapter
def filters_look_into_arrays(patch: Patch) -> None:
    """A filter policy on the message's body matches an array of objects if it matches one of them.

    moto 5.2.5 matches none as soon as one element lacks a field, so that events of S3 are lost.
    """

    def body_based_match(self: FilterPolicyMatcher, message: Any) -> bool:
        for policy in alternatives(self.filter_policy):
            for reading in readings(message, policy):
                try:
                    if self._perform_body_checks(self._compute_body_checks(policy, reading)):
                        return True
                except FilterPolicyMatcher.CheckException:
                    continue
        return False

    patch.replace(FilterPolicyMatcher, "_body_based_match", body_based_match)
