"""Deployed packages on disk: each zip is unpacked once, under its digest."""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path


class CodeStore:
    """Unpacked zips below ``directory``; safe to use from several threads and processes."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def unpacked(self, sha256: str, package: bytes) -> Path:
        """The directory with the contents of ``package``, whose digest ``sha256`` (hexadecimal) is its name.

        Raises zipfile.BadZipFile.
        """
        return self._unpacked(sha256, [package])

    def merged(self, packages: Mapping[str, bytes]) -> Path:
        """The directory with the contents of all ``packages``, by their digests; later ones overwrite.

        Raises zipfile.BadZipFile.
        """
        digest = hashlib.sha256("\n".join(packages).encode()).hexdigest()
        return self._unpacked(f"layers-{digest}", packages.values())

    def _unpacked(self, name: str, packages: Iterable[bytes]) -> Path:
        target = self._directory / name
        if target.is_dir():
            return target
        self._directory.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix="unpacking-", dir=self._directory))
        try:
            for package in packages:
                _extract(package, unfinished)
            unfinished.chmod(0o755)
            unfinished.rename(target)
        except OSError:
            # Somebody else was quicker: a directory can't be renamed onto one that has contents.
            if not target.is_dir():
                raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return target


def _extract(package: bytes, target: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for member in archive.infolist():
            path = Path(archive.extract(member, target))
            if permissions := member.external_attr >> 16 & 0o777:
                path.chmod(permissions | 0o600 if path.is_file() else permissions | 0o700)
