"""Install runtimes in advance: ``python -m cloudstage.runtimes glue-5.1 lambda-python3.11``."""

import sys

from cloudstage.errors import CloudstageError
from cloudstage.runtimes import ensure

try:
    for name in sys.argv[1:]:
        ensure(name, print)
except CloudstageError as error:
    sys.exit(str(error))
