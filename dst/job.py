"""Declares a job: one function becomes what Glue, Lambda and the command line start.

::

    @job
    def run(params: Params, lake: Lake) -> Summary: ...

    handler = run.handler           # Lambda calls this
    if __name__ == "__main__":      # Glue and the command line run this
        run.main()

What the function is given follows from its annotations, in any order: `Lake`, `Deployment`, `Run`,
`Message` (then it is called once per message of a queue) and one dataclass of its own, its parameters.
It returns a dataclass, its summary, or None.
"""

import dataclasses
import itertools
import logging
import os
import sys
import typing
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from dst import logs, messages, parameters
from dst.deployment import Deployment
from dst.errors import DstError
from dst.lake import Lake
from dst.messages import Message
from dst.run import Run

log = logging.getLogger(__name__)

_PROVIDED = (Lake, Deployment, Run, Message)


class Job:
    """A job's function and the ways to start it. Calling it calls the function as it is."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._package = str(function.__globals__.get("__package__") or "")
        hints = typing.get_type_hints(function)
        hints.pop("return", None)
        self._inputs = hints
        own = [kind for kind in hints.values() if kind not in _PROVIDED]
        if any(not dataclasses.is_dataclass(kind) for kind in own) or len(own) > 1:
            raise TypeError(
                f"{function.__name__}: annotate arguments as Lake, Deployment, Run, Message or a dataclass"
            )
        self._types = [*own, Deployment]
        self.__doc__ = function.__doc__

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """Call the function itself, with inputs made by the caller."""
        return self._function(*inputs, **named)

    def main(self, argv: Sequence[str] | None = None) -> None:
        """Run from arguments ``--name value``; what is missing there is looked up in ``DST_<NAME>``.

        A mistake of the user ends the process with the exit code of its family and its message on standard
        error. On Glue, which makes a run's error message from the exception, it is raised.
        """
        arguments = list(sys.argv[1:] if argv is None else argv)
        run = self._run(_after(arguments, "--JOB_RUN_ID") or f"cli_{uuid.uuid4().hex}")
        try:
            self._main(run, arguments)
        except DstError as error:
            # A traceback would not help: the message says what the user can do.
            log.error("The job failed: %s", error, extra={"error": type(error).__name__})  # noqa: TRY400
            if "--JOB_RUN_ID" in arguments:
                _raise_without_traceback(error)
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            sys.exit(error.exit_code)

    def handler(self, event: Mapping[str, Any], context: Any) -> Any:
        """Run in Lambda: from a queue's messages, or from a direct call whose event holds parameters.

        Returns:
            ``batchItemFailures`` for a queue's batch, else the summary.
        """
        run = self._run(context.aws_request_id)
        values = parameters.from_environment(os.environ)
        if Message in self._inputs.values() and "Records" in event:
            inputs = self._prepare(run, values)
            with _closing(inputs[Lake]):
                batch = messages.handle_each(event, lambda message: self._call({**inputs, Message: message}))
            logs.summary(
                {"messages": len(batch.results) + len(batch.failed), "messages_failed": len(batch.failed)}
            )
            return batch.response()
        given = {} if "detail-type" in event else {name: str(value) for name, value in event.items()}
        return self._finish(self._single(run, values | given, given))

    def _main(self, run: Run, arguments: Sequence[str]) -> None:
        given = parameters.from_arguments(arguments)
        self._finish(self._single(run, parameters.from_environment(os.environ) | given, given))

    def _single(self, run: Run, values: Mapping[str, str], given: Mapping[str, str]) -> Any:
        takes_message = Message in self._inputs.values()
        problems = parameters.refuse_unknown(given, self._types, ["message"] if takes_message else [])
        if takes_message and "message" not in values:
            problems.append("--message is missing: the text of one message, as the queue would deliver it")
        inputs = self._prepare(run, values, problems)
        with _closing(inputs[Lake]):
            return self._call({**inputs, Message: Message("direct", values.get("message", ""))})

    def _run(self, run_id: str) -> Run:
        run = Run(self._package.rpartition(".")[2] or "job", self._package, run_id)
        logs.configure(run.job, run.run_id)
        return run

    def _prepare(self, run: Run, values: Mapping[str, str], problems: Sequence[str] = ()) -> dict[type, Any]:
        built = parameters.build(values, self._types, problems)
        inputs: dict[type, Any] = {type(each): each for each in built}
        return {**inputs, Run: run, Lake: Lake(inputs[Deployment], run)}

    def _call(self, inputs: Mapping[type, Any]) -> Any:
        return self._function(**{name: inputs[kind] for name, kind in self._inputs.items()})

    def _finish(self, result: Any) -> dict[str, Any]:
        fields = dataclasses.asdict(result) if result is not None else {}
        logs.summary(fields)
        return fields


def job(function: Callable[..., Any]) -> Job:
    """Make a function a job; see the module's text."""
    return Job(function)


@contextmanager
def _closing(lake: Lake) -> Iterator[None]:
    try:
        yield
    except BaseException:
        # Whatever closing might complain about, the failure is what has to be told.
        with suppress(Exception):
            lake.close()
        raise
    lake.close()


def _after(arguments: Sequence[str], name: str) -> str | None:
    return next((value for key, value in itertools.pairwise(arguments) if key == name), None)


def _raise_without_traceback(error: DstError) -> NoReturn:
    sys.tracebacklimit = 0
    raise error.with_traceback(None) from None
