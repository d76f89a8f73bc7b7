"""Where a deployment lives: an AWS account, or a cloudstage that stands in for one."""

import functools
import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Literal

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from cloudstage import Cloudstage, Running
from ops.errors import StageError


class Account(ABC):
    """An AWS account as the commands see it.

    Attributes:
        kind: what plays it, in the words of project.json.
        account_id: twelve digits, as project.json has them for the stage.
        region: the AWS region of everything in it.
        directory: where the commands keep what they note about it.
    """

    kind: ClassVar[Literal["aws", "cloudstage"]]

    def __init__(self, account_id: str, region: str, directory: Path) -> None:
        self.account_id = account_id
        self.region = region
        self.directory = directory

    @abstractmethod
    def __str__(self) -> str:
        """Its name in a message."""

    @property
    @abstractmethod
    def endpoint(self) -> str:
        """The address that answers in its place; empty for AWS's own. Raises StageError as ``client`` does."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The environment of a child process whose AWS calls must reach it. Raises StageError as ``client`` does."""

    @abstractmethod
    def client(self, service: str) -> Any:
        """A boto3 client.

        Raises:
            StageError: the account can't be reached, or is another one than the stage's.
        """


class CloudstageAccount(Account):
    """An account that a cloudstage on this machine plays.

    Args:
        cloudstage: which one, running or not.
        start: the command that starts it.
    """

    kind = "cloudstage"

    def __init__(self, cloudstage: Cloudstage, start: str) -> None:
        configuration = cloudstage.configuration
        super().__init__(configuration.account_id, configuration.region, cloudstage.directory)
        self.cloudstage = cloudstage
        self._start = start

    def __str__(self) -> str:
        """Its name in a message."""
        return f"the cloudstage {self.directory.name!r}"

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return self.running.endpoint

    @property
    def running(self) -> Running:
        """The cloudstage, which must be up. Raises StageError if it is not."""
        running = self.cloudstage.running()
        if running is None:
            raise StageError(f"{self} is not running; start it: {self._start}")
        return running

    def environment(self) -> dict[str, str]:
        """The variables of this process, but what concerns AWS names the cloudstage."""
        return self.running.process_environment(os.environ)

    def client(self, service: str) -> Any:
        """A client of the cloudstage, whatever the environment says."""
        settings = self.running.environment()
        return boto3.client(
            service,
            endpoint_url=settings["AWS_ENDPOINT_URL"],
            region_name=self.region,
            aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        )


class AwsAccount(Account):
    """The account of the environment's credentials, which is asked for its id before anything else.

    Args:
        account_id: which account it must be.
        region: the AWS region.
        directory: where the commands keep what they note about it.
        stage: the stage's name, for messages.
    """

    kind = "aws"

    def __init__(self, account_id: str, region: str, directory: Path, stage: str) -> None:
        super().__init__(account_id, region, directory)
        self._stage = stage

    def __str__(self) -> str:
        """Its name in a message."""
        return f"AWS account {self.account_id}"

    @property
    def endpoint(self) -> str:
        """What AWS_ENDPOINT_URL says, if anything."""
        return os.environ.get("AWS_ENDPOINT_URL", "")

    def environment(self) -> dict[str, str]:
        """The variables of this process, with the region."""
        _ = self._session
        return dict(os.environ) | {"AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}

    def client(self, service: str) -> Any:
        """A client with the environment's credentials."""
        return self._session.client(service)

    @functools.cached_property
    def _session(self) -> boto3.Session:
        try:
            session = boto3.Session(region_name=self.region)
            found = session.client("sts").get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as error:
            raise StageError(
                f"{self} of the stage {self._stage!r} can't be reached: {error}. Sign in to it, for example with "
                "`aws sso login` and AWS_PROFILE, or let a cloudstage play it: option --cloudstage"
            ) from None
        if found != self.account_id:
            raise StageError(
                f"your credentials are those of account {found}, but the stage {self._stage!r} is {self} "
                "(project.json). Nothing was done; sign in to that account"
            )
        return session
