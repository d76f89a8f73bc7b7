"""A tethered command behaves as the command would, and never outlives its caller.

Each command is given the writing end of a pipe, which its children inherit: the test reads the end of the
pipe once the last of them is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudstage.tether import tethered_command

DEADLINE_SECONDS = 15
STUBBORN = "trap '' TERM INT"
SLEEP = "while :; do sleep 0.1; done"
CALLER = """
import subprocess, sys
from cloudstage.tether import tethered_command
grace_seconds, witness, *command = sys.argv[1:]
command = tethered_command(command, grace_seconds=float(grace_seconds))
process = subprocess.Popen(command, pass_fds=[int(witness)], stdout={output})
{then}
"""
LATE_CALLER = """
import json, sys
from cloudstage.tether import tethered_command
print(json.dumps(tethered_command(sys.argv[1:])))
"""


@dataclass
class Witness:
    """Sees what a group of processes writes to a pipe that they share, and when all of them have ended."""

    reader: int
    writer: int

    @property
    def path(self) -> str:
        """Where a shell writes to the pipe."""
        return f"/dev/fd/{self.writer}"

    def line(self) -> str:
        """The next line that one of them writes."""
        text = b""
        while not text.endswith(b"\n"):
            assert select.select([self.reader], [], [], DEADLINE_SECONDS)[0], "nothing was written in time"
            byte = os.read(self.reader, 1)
            assert byte, f"all ended after writing {text!r}"
            text += byte
        return text.decode().strip()

    def all_ended(self, within: float = DEADLINE_SECONDS) -> bool:
        """Whether every process that had the pipe ends in time."""
        with contextlib.suppress(OSError):
            os.close(self.writer)
        while select.select([self.reader], [], [], within)[0]:
            if not os.read(self.reader, 64):
                return True
        return False


@pytest.fixture
def witness() -> Iterator[Witness]:
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)
    it = Witness(reader, writer)
    yield it
    for descriptor in (reader, writer):
        with contextlib.suppress(OSError):
            os.close(descriptor)


def shell(script: str, witness: Witness, *, first: str = ":") -> list[str]:
    """A shell that does ``first``, writes to the witness that it is ready, and does ``script``."""
    return ["sh", "-c", f"{first}; echo $$ >{witness.path}; {script}"]


@pytest.fixture
def start_caller(witness: Witness) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a Python process that starts a tethered shell, in a session of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def start(
        script: str, *, first: str = ":", then: str = "process.wait()", grace: float = 5, output: str = "None"
    ) -> subprocess.Popen[bytes]:
        source = CALLER.format(then=then, output=output)
        caller = [sys.executable, "-c", source, str(grace), str(witness.writer)]
        command = [*caller, *shell(script, witness, first=first)]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[witness.writer],
            start_new_session=True,
        )
        started.append(process)
        witness.line()
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_output_input_and_exit_code_pass_through() -> None:
    done = subprocess.run(
        tethered_command(["sh", "-c", "cat; echo oops >&2; exit 7"]),
        input="hello",
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (7, "hello", "oops\n")


def test_large_output_arrives_whole_and_in_order() -> None:
    script = (
        "import sys; [print(n, file=sys.stderr if n % 2 else sys.stdout, flush=True) for n in range(20000)]"
    )
    done = subprocess.run(
        tethered_command([sys.executable, "-c", script]),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [str(number) for number in range(20000)]


def test_a_command_sees_that_its_caller_wants_no_more_output() -> None:
    command = tethered_command(["sh", "-c", "while :; do echo again; done"])
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.stdout.close()

        assert process.wait(DEADLINE_SECONDS) == -signal.SIGPIPE


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_death_by_a_signal_passes_through(number: signal.Signals) -> None:
    done = subprocess.run(tethered_command(["sh", "-c", f"kill -{number.value} $$"]), check=False)

    assert done.returncode == -number


def test_a_missing_program_is_reported_as_popen_does() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-program"):
        tethered_command(["no-such-program"])


def test_a_program_that_can_not_be_executed_is_named(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/no/such/interpreter\n")
    program.chmod(0o755)

    done = subprocess.run(tethered_command([str(program)]), capture_output=True, text=True, check=False)

    assert done.returncode == 126
    assert done.stderr == f"{program}: No such file or directory\n"


def test_descriptors_and_environment_reach_the_command(witness: Witness) -> None:
    command = tethered_command(shell(f"echo $GREETING >{witness.path}", witness))

    subprocess.run(command, pass_fds=[witness.writer], env=os.environ | {"GREETING": "hi"}, check=True)

    witness.line()
    assert witness.line() == "hi"


def test_a_signal_reaches_the_command_and_its_own_exit_code_comes_back(witness: Witness) -> None:
    command = tethered_command(shell(SLEEP, witness, first="trap 'exit 5' TERM"))
    with subprocess.Popen(command, pass_fds=[witness.writer]) as process:
        witness.line()
        process.terminate()

        assert process.wait(DEADLINE_SECONDS) == 5


def test_a_command_that_ignores_signals_is_killed_after_the_grace_time(witness: Witness) -> None:
    command = tethered_command(shell(SLEEP, witness, first=STUBBORN), grace_seconds=0.2)
    with subprocess.Popen(command, pass_fds=[witness.writer]) as process:
        witness.line()
        process.terminate()

        assert process.wait(DEADLINE_SECONDS) == -signal.SIGKILL


def test_an_interrupt_is_not_followed_by_a_second_signal(witness: Witness) -> None:
    traps = f"trap 'echo TERM >{witness.path}' TERM; trap 'echo INT >{witness.path}' INT"
    command = tethered_command(shell(SLEEP, witness, first=traps), grace_seconds=1)
    with subprocess.Popen(command, pass_fds=[witness.writer]) as process:
        witness.line()
        process.send_signal(signal.SIGINT)
        assert witness.line() == "INT"
        process.terminate()
        process.send_signal(signal.SIGINT)

        assert witness.line() == "INT"


def test_what_the_command_leaves_behind_ends_with_it(witness: Witness) -> None:
    command = tethered_command(shell(f"({SLEEP}) & exit 3", witness))

    done = subprocess.run(command, pass_fds=[witness.writer], check=False)

    assert done.returncode == 3
    assert witness.all_ended()


def test_killing_the_command_line_kills_the_whole_group_at_once(witness: Witness) -> None:
    command = tethered_command(shell(f"({SLEEP}) & {SLEEP}", witness, first=STUBBORN), grace_seconds=600)
    with subprocess.Popen(command, pass_fds=[witness.writer]) as process:
        witness.line()
        process.kill()

    assert witness.all_ended()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_command_ends_when_its_caller_is_killed(
    number: signal.Signals, start_caller: Callable[..., subprocess.Popen[bytes]], witness: Witness
) -> None:
    caller = start_caller(f"({SLEEP}) & {SLEEP}")

    caller.send_signal(number)

    assert witness.all_ended()


def test_the_command_ends_when_its_caller_ends_by_itself(
    start_caller: Callable[..., subprocess.Popen[bytes]], witness: Witness
) -> None:
    caller = start_caller(SLEEP, then="sys.stdin.read()")

    assert caller.stdin
    caller.stdin.close()

    assert witness.all_ended()


def test_a_stubborn_command_ends_when_its_caller_is_killed(
    start_caller: Callable[..., subprocess.Popen[bytes]], witness: Witness
) -> None:
    caller = start_caller(f"({SLEEP}) & {SLEEP}", first=STUBBORN, grace=0.2)

    caller.kill()

    assert witness.all_ended()


def test_the_command_may_clean_up_when_the_callers_whole_group_is_killed(
    start_caller: Callable[..., subprocess.Popen[bytes]], witness: Witness
) -> None:
    caller = start_caller(SLEEP, first=f"trap 'echo cleaned up >{witness.path}; exit' TERM")

    os.killpg(caller.pid, signal.SIGKILL)

    assert witness.line() == "cleaned up"
    assert witness.all_ended()


def test_the_command_may_clean_up_though_nobody_reads_its_output(
    start_caller: Callable[..., subprocess.Popen[bytes]], witness: Witness
) -> None:
    clean_up = f"for i in 1 2 3; do echo progress; done; echo cleaned up >{witness.path}; exit"
    caller = start_caller(SLEEP, first=f"trap '{clean_up}' TERM", output="subprocess.PIPE")

    caller.kill()

    assert witness.line() == "cleaned up"
    assert witness.all_ended()


def test_ctrl_c_interrupts_the_command_once_and_it_may_clean_up(
    start_caller: Callable[..., subprocess.Popen[bytes]], witness: Witness
) -> None:
    caller = start_caller(SLEEP, first=f"trap 'echo interrupted >{witness.path}; exit' INT")

    os.killpg(caller.pid, signal.SIGINT)  # what a terminal does

    assert witness.line() == "interrupted"
    assert witness.all_ended()


def test_nothing_is_left_in_the_temporary_directory_by_a_killed_caller(
    start_caller: Callable[..., subprocess.Popen[bytes]],
    witness: Witness,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    caller = start_caller(SLEEP)
    assert list(tmp_path.iterdir())

    caller.kill()

    assert witness.all_ended()
    assert not list(tmp_path.iterdir())


def test_a_command_does_not_start_for_a_caller_that_is_gone(witness: Witness) -> None:
    ask = [sys.executable, "-c", LATE_CALLER, *shell("true", witness)]
    command = json.loads(subprocess.run(ask, capture_output=True, check=True).stdout)

    done = subprocess.run(command, pass_fds=[witness.writer], check=False)

    assert done.returncode == 1
    assert witness.all_ended()
