"""IAM in the cloudstage: what a role or user may do is decided by policies, as AWS decides it.

The way of a request::

    authorization.py      a WSGI application around the AWS one; an administrator's request passes at once
    principals.py         who calls, and which policies that identity has
    requests/             the request as IAM sees it: actions, resources, condition keys
    resource_policies.py  the policy of the resource: bucket, queue, topic, key, role, ...
    evaluate.py           the decision, from policy.py's statements and conditions.py's conditions
    denial.py             a refusal in the words and the protocol of the service

``roles.py`` gives deployed code the credentials of its role. What services do with a role, or for who asks, is
decided in ``on_behalf.py``, ``lambda_roles.py``, ``query_rights.py`` (Athena) and ``bucket_policies.py`` (objects
deleted together). Calls that services make for themselves, such as S3's notifications, do not pass here.

Not evaluated: service control policies, other accounts, session tags, a user's boundary, S3 access points and ACLs.
"""
