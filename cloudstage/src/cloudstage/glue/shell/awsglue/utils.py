"""Read a job's arguments. Runs in the Python of a shell job: standard library only.

Source: "Accessing parameters using getResolvedOptions" in the AWS Glue developer guide.
"""

import argparse
from typing import NoReturn

OPTIONAL = (
    "JOB_ID",
    "JOB_RUN_ID",
    "SECURITY_CONFIGURATION",
    "TempDir",
    "encryption-type",
    "job-bookmark-option",
)


class GlueArgumentError(Exception):
    """An argument is missing."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise GlueArgumentError(message)


def getResolvedOptions(args: "list[str]", options: "list[str]") -> "dict[str, str]":  # noqa: N802
    """The values of the arguments ``options`` in ``args`` (such as sys.argv), and of AWS Glue's own.

    Raises:
        GlueArgumentError: one of them has no value.
    """
    parser = _Parser(add_help=False)
    for name in OPTIONAL:
        if name not in options:
            parser.add_argument(f"--{name}")
    for name in options:
        parser.add_argument(f"--{name}", required=True)
    return vars(parser.parse_known_args(args[1:])[0])
