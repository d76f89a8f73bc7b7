"""The program behind ``cloudstage.tether``.

It runs in any Python, with the standard library only:
``python -I -S __main__.py LIFELINE GRACE_SECONDS HOLDING COMMAND [ARGUMENT …]``
"""
