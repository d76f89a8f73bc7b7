"""AWS on one machine, where what you deploy really runs.

::

    with Cloudstage(Path(".cloudstage")).tethered() as running:
        subprocess.run(["terraform", "apply"], env=running.process_environment(os.environ))

The names here are the interface; every other module may change without notice.
"""

from cloudstage.configuration import Configuration
from cloudstage.doctor import Finding, examine
from cloudstage.downloads import prepare
from cloudstage.environment import conflicting
from cloudstage.errors import CloudstageError, ConfigurationError, ServerError, ToolMissingError
from cloudstage.lifecycle import Cloudstage, Running
from cloudstage.runtimes.uv import run_uv
from cloudstage.tether import tethered_command

__all__ = [
    "Cloudstage",
    "CloudstageError",
    "Configuration",
    "ConfigurationError",
    "Finding",
    "Running",
    "ServerError",
    "ToolMissingError",
    "conflicting",
    "examine",
    "prepare",
    "run_uv",
    "tethered_command",
]
