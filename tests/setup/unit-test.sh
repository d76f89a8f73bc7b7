#!/bin/sh
# Run by docker-compose as root: the tests as an ordinary user, and their results into the directory
# test-results of the checkout, with the owner of the checkout. Arguments: tests, all unit tests if none.
set -u
[ $# -gt 0 ] || set -- tests/unit

# Not in the background: the shell would make the tests, and all they start, deaf to Ctrl-C.
setpriv --reuid=tester --regid=tester --init-groups env HOME=/home/tester \
  pytest "$@" \
  --junitxml=test-results/junit.xml \
  --cov --cov-report=xml:test-results/coverage.xml --cov-report=term:skip-covered
status=$?

cp -R /project/test-results/. /results/
chown -R "$(stat -c %u:%g /yours)" /results
exit $status
