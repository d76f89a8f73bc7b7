"""Run a program to its end, line by line, so that it ends with us whatever happens."""

import signal
import subprocess
from collections.abc import Callable, Mapping

from cloudstage import tethered_command


def run_lines(command: list[str], environment: Mapping[str, str], read: Callable[[str], None]) -> int:
    """Give each line that a program prints, on either stream, to `read`; return its exit code.

    An interrupt is handed to the program once, which then has the time it needs to clean up (Terraform
    releases its lock), and is raised when it has ended. A tethered cloudstage that the environment
    names stays until then.
    """
    with subprocess.Popen(
        tethered_command(command, holding=environment.get("CLOUDSTAGE_DIRECTORY")),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(environment),
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        assert process.stdout is not None  # noqa: S101 (a pipe was asked for)
        try:
            for line in process.stdout:
                read(line.rstrip("\n"))
            return process.wait()
        except BaseException:
            # Also an interrupt, and whatever `read` raises: the program must not go on unseen.
            process.send_signal(signal.SIGINT)
            for _ in process.stdout:
                continue
            process.wait()
            raise
