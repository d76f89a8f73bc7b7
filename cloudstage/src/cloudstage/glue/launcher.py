"""Runs a job's script in the Glue runtime, and notes why it failed: `launcher.py REPORT SCRIPT ARGUMENT…`.

This file is run by path with an interpreter that has nothing of this checkout: standard library only,
and nothing that Python 3.9 lacks.
"""

import atexit
import contextlib
import importlib.util
import json
import runpy
import signal
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

LONGEST_MESSAGE = 2000
JAVA_SECONDS = 5.0
HERE = str(Path(__file__).parent)
NOT_IN_GLUE = " (AWS Glue does not have it: name it in python_modules of the job's job.json)"


def main(report: Path, script: str, arguments: list[str]) -> int:
    """Run ``script`` as ``__main__``; return the exit code."""
    sys.path[:] = [entry for entry in sys.path if entry != HERE]
    atexit.register(end_java)
    answer_for_awsglue()
    sys.argv = [script, *arguments]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as error:
        code = exit_code(error)
        if code:
            write(report, f"SystemExit: {error.code}")
        return code
    except BaseException as error:  # whatever it is, the run's ErrorMessage has to say it
        show(error)
        write(report, describe(error) + fate_of_java())
        return 1
    return 0


def answer_for_awsglue() -> None:
    """Let Python answer where ``awsglue`` looks for Java; what does is on the path, unless AWS's archive is there."""
    if importlib.util.find_spec("awsglue_java"):
        importlib.import_module("awsglue_java").install()


def exit_code(error: SystemExit) -> int:
    """The exit code to end with: 0 for success alone (the system would cut 256 to 0). A text is printed."""
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code if 0 <= error.code <= 255 else 1
    print(error.code, file=sys.stderr)
    return 1


def describe(error: BaseException) -> str:
    """An exception as AWS Glue words it: `ValueError: boom`; one of Java's: the call that failed, and why."""
    lines = [line.strip() for line in str(error).splitlines()]
    if type(error).__name__ == "Py4JJavaError":
        reason = lines[1].removeprefix(":").strip() if len(lines) > 1 else ""
        return f"{lines[0]} {reason}"[:LONGEST_MESSAGE]
    ends = [number for number, line in enumerate(lines) if line.startswith(("at ", "JVM stacktrace"))]
    message = "\n".join(lines[: ends[0]] if ends else lines).strip()
    if isinstance(error, ModuleNotFoundError):
        message += NOT_IN_GLUE
    name = type(error).__name__
    return (f"{name}: {message}" if message else name)[:LONGEST_MESSAGE]


def show(error: BaseException) -> None:
    """Print the traceback from the script on, without the frames of this launcher and of runpy."""
    trace = error.__traceback__
    while (
        trace
        and trace.tb_next
        and trace.tb_frame.f_code.co_filename in (__file__, runpy.__file__, "<frozen runpy>")
    ):
        trace = trace.tb_next
    traceback.print_exception(type(error), error.with_traceback(trace), trace)


def fate_of_java() -> str:
    """What to add to the message when Spark's Java has ended before the script: Python sees a broken connection."""
    java = java_process()
    code = java.poll() if java else None
    if code is None:
        return ""
    how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
    return f" (Spark's Java process ended {how}; if memory ran out, let the job do less at once)"


def end_java() -> None:
    """Stop Spark and wait for its Java, which ends by itself, but only after Python."""
    java = java_process()
    if java is None:
        return
    context = sys.modules["pyspark"].SparkContext
    with contextlib.suppress(Exception):  # it may have crashed: nothing is left to be stopped then
        if java.poll() is None and context._active_spark_context:
            context._active_spark_context.stop()
        context._gateway.shutdown()
        java.stdin.close()
    try:
        java.wait(JAVA_SECONDS)
    except subprocess.TimeoutExpired:
        java.kill()
        java.wait()


def java_process() -> Any:
    """The Java that pyspark has started; None if it has not."""
    pyspark = sys.modules.get("pyspark")
    return getattr(pyspark.SparkContext._gateway, "proc", None) if pyspark else None


def write(report: Path, message: str) -> None:
    """Leave the message for the executor. A full disk must not hide the exit code."""
    with contextlib.suppress(OSError):
        report.write_text(json.dumps({"message": message}), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
