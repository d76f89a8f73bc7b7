"""Packages on disk."""

from __future__ import annotations

import concurrent.futures
import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from cloudstage.awslambda.code import CodeStore


def package(**modes: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, mode in modes.items():
            entry = zipfile.ZipInfo(f"directory/{name}")
            entry.external_attr = mode << 16
            archive.writestr(entry, name)
    return target.getvalue()


def test_a_package_is_unpacked_once_by_many_at_once(tmp_path: Path) -> None:
    content = package(a=0o644, b=0o644)
    digest = hashlib.sha256(content).hexdigest()

    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        directories = list(threads.map(lambda _: CodeStore(tmp_path).unpacked(digest, content), range(16)))

    assert set(directories) == {tmp_path / digest}
    assert sorted(path.name for path in (tmp_path / digest / "directory").iterdir()) == ["a", "b"]
    assert [path.name for path in tmp_path.iterdir()] == [digest]


def test_permissions_are_kept_and_the_owner_may_read_and_delete(tmp_path: Path) -> None:
    directory = CodeStore(tmp_path).unpacked("x", package(program=0o755, secret=0o000, data=0o444))

    modes = {path.name: path.stat().st_mode & 0o777 for path in (directory / "directory").iterdir()}
    assert modes["program"] == 0o755
    assert modes["data"] == 0o644


def test_a_broken_package_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(zipfile.BadZipFile):
        CodeStore(tmp_path).unpacked("x", b"no zip")

    assert list(tmp_path.iterdir()) == []
