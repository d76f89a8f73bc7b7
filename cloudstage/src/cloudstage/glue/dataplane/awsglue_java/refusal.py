"""What is not here is refused by its name."""

from __future__ import annotations

from typing import Any, NoReturn

REMEDY = (
    "write that step with Spark's DataFrames (toDF), or give the job AWS's own classes: "
    "the archive AWSGlueETL….jar in --extra-jars"
)


class NotPartOfCloudstageError(NotImplementedError):
    """A script uses a part of ``awsglue`` which is there on AWS only."""

    def __init__(self, what: str, remedy: str = REMEDY) -> None:
        super().__init__(f"awsglue's {what} is not part of cloudstage; {remedy}")


class Refusing:
    """Refuses every method that a class does not have."""

    _name = ""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(*_: Any, **__: Any) -> NoReturn:
            raise NotPartOfCloudstageError(f"{self._name}.{name}")

        return refuse


class Missing(Refusing):
    """A class of Java that is missing as a whole."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_: Any) -> NoReturn:
        """Refuse to make an object of the class."""
        raise NotPartOfCloudstageError(self._name)
