"""The arguments of a job run which AWS Glue itself understands.

Source: AWS Glue Developer Guide, "Using job parameters in AWS Glue jobs".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_LOG_GROUP = "/aws-glue/jobs"
_NEXT_CONF = re.compile(r"\s+--conf\s+")


@dataclass(frozen=True)
class JobArguments:
    """Arguments ``--name → value``, the defaults of the job already overridden by those of the run."""

    values: Mapping[str, str]

    def log_group(self, default: str = DEFAULT_LOG_GROUP) -> str:
        """The log group's name without the last part, ``output`` or ``error``."""
        return self.values.get("--custom-logGroup-prefix", default).rstrip("/")

    def log_stream(self, run_id: str) -> str:
        """The name of the driver's log stream."""
        return f"{self.values.get('--custom-logStream-prefix', run_id)}-driver"

    @property
    def library_set(self) -> str:
        """Which packages a Python shell job finds installed: ``analytics`` or ``none``."""
        return self.values.get("--library-set", self.values.get("library-set", "analytics")).lower()

    @property
    def extra_py_files(self) -> list[str]:
        """S3 addresses of zips, wheels and modules to import from."""
        return self._list("--extra-py-files")

    @property
    def extra_jars(self) -> list[str]:
        """S3 addresses of Java archives for Spark."""
        return self._list("--extra-jars")

    @property
    def extra_files(self) -> list[str]:
        """S3 addresses of files that the script finds in its working directory."""
        return self._list("--extra-files")

    @property
    def python_modules(self) -> list[str]:
        """What pip is asked to install: requirements, or S3 addresses of wheels."""
        return self._list("--additional-python-modules")

    @property
    def uses_iceberg(self) -> bool:
        """Whether Spark is given Iceberg."""
        return "iceberg" in self._list("--datalake-formats")

    @property
    def spark_settings(self) -> dict[str, str]:
        """What ``--conf`` sets. One argument can hold several: ``a=1 --conf b=2``."""
        settings = {}
        for setting in _NEXT_CONF.split(self.values.get("--conf", "").strip()):
            name, separator, value = setting.partition("=")
            if separator:
                settings[name.strip()] = value.strip()
        return settings

    def script_location(self, of_job: str) -> str:
        """The script's S3 address; a run may name another than its job does."""
        return self.values.get("--scriptLocation", of_job)

    def command_line(self, job_name: str, run_id: str) -> list[str]:
        """What the script finds in ``sys.argv`` after its own name: every argument, and who it is."""
        identity = {"--JOB_NAME": job_name, "--JOB_RUN_ID": run_id}
        return _flat({**self.values, **identity})

    def shell_command_line(self, script_location: str) -> list[str]:
        """The same for a Python shell job, which is not told its name: every argument, and where its script is."""
        return _flat({"--scriptLocation": script_location, **self.values})

    def _list(self, name: str) -> list[str]:
        return [part for part in (part.strip() for part in self.values.get(name, "").split(",")) if part]


def _flat(arguments: Mapping[str, str]) -> list[str]:
    return [part for pair in arguments.items() for part in pair]
