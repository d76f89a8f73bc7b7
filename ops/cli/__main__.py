"""`python -m ops.cli` is `dst`, for a checkout that is not the installed one."""

from ops.cli import main

main()
