"""How pyiceberg reads the cloudstage's objects."""

from __future__ import annotations

from typing import NoReturn, cast

import pyarrow as pa
from pyiceberg.io import FileIO, InputFile, InputStream, OutputFile

from cloudstage.athena.tables.objects import StageObjects


class StageInputFile(InputFile):
    """One object, held in memory while it is open."""

    def __init__(self, location: str, objects: StageObjects) -> None:
        super().__init__(location)
        self._objects = objects

    def __len__(self) -> int:
        return self._objects.size(self.location)

    def exists(self) -> bool:
        """Whether the object is there."""
        return self._objects.exists(self.location)

    def open(self, seekable: bool = True) -> InputStream:
        """The content; Arrow reads it without copying."""
        return cast(InputStream, pa.BufferReader(self._objects.read(self.location)))


class StageFileIO(FileIO):
    """Reading only: what writes a table goes through the catalog and the cloudstage's endpoint."""

    def __init__(self, objects: StageObjects) -> None:
        super().__init__()
        self._objects = objects

    def new_input(self, location: str) -> StageInputFile:
        """An object to read."""
        return StageInputFile(location, self._objects)

    def new_output(self, location: str) -> OutputFile:
        """Refuse: queries don't write through this."""
        self._refuse(location)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Refuse: queries don't delete through this."""
        self._refuse(str(location))

    def _refuse(self, location: str) -> NoReturn:
        raise PermissionError(f"A scan of a table can't write {location}")
