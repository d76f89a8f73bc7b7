"""``python -m cloudstage``."""

import sys

from cloudstage.cli import main

sys.exit(main())
