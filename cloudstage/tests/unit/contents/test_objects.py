"""What changes in S3 is journaled before it is acknowledged, and comes back from the journal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from moto.s3.models import s3_backends

from cloudstage.contents import objects
from cloudstage.contents.journal import Journal
from cloudstage.contents.snapshot import Snapshot
from cloudstage.patching import Patch

LARGE = bytes(6 << 20)
Killed = Callable[[], None]


@pytest.fixture
def killed(snapshot: Snapshot, s3: Any, restart: Killed) -> Killed:
    """Ends the process without saving, so to speak, and starts another."""
    s3.create_bucket(Bucket="journaled")
    return restart


def keys(s3: Any) -> list[str]:
    return [it["Key"] for it in s3.list_objects_v2(Bucket="journaled").get("Contents", [])]


def body(s3: Any, key: str, **version: str) -> bytes:
    data: bytes = s3.get_object(Bucket="journaled", Key=key, **version)["Body"].read()
    return data


@pytest.mark.parametrize("content", [b"", b"small", LARGE])
def test_an_object_comes_back_with_all_that_belongs_to_it(content: bytes, s3: Any, killed: Killed) -> None:
    before = s3.put_object(
        Bucket="journaled",
        Key="a/b c",
        Body=content,
        Metadata={"source": "x"},
        ContentType="text/csv",
        Tagging="zone=raw",
        StorageClass="STANDARD_IA",
    )

    killed()

    after = s3.get_object(Bucket="journaled", Key="a/b c")
    assert after["Body"].read() == content
    assert (after["ETag"], after["Metadata"], after["ContentType"], after["StorageClass"]) == (
        before["ETag"], {"source": "x"}, "text/csv", "STANDARD_IA",
    )  # fmt: skip
    tags = s3.get_object_tagging(Bucket="journaled", Key="a/b c")["TagSet"]
    assert tags == [{"Key": "zone", "Value": "raw"}]


def test_copies_and_deletions_come_back(s3: Any, killed: Killed) -> None:
    for key in "abcd":
        s3.put_object(Bucket="journaled", Key=key, Body=LARGE)
    s3.copy_object(Bucket="journaled", Key="copy", CopySource={"Bucket": "journaled", "Key": "a"})
    s3.delete_object(Bucket="journaled", Key="a")
    s3.delete_objects(Bucket="journaled", Delete={"Objects": [{"Key": "b"}, {"Key": "c"}]})

    killed()

    assert keys(s3) == ["copy", "d"]
    assert body(s3, "copy") == LARGE


def test_a_copy_shares_the_body_of_its_source(s3: Any, killed: Killed, tmp_path: Path) -> None:
    s3.put_object(Bucket="journaled", Key="a", Body=LARGE)
    [file] = (tmp_path / "objects").glob("??/*")
    inode = file.stat().st_ino

    s3.copy_object(Bucket="journaled", Key="copy", CopySource={"Bucket": "journaled", "Key": "a"})

    assert [it.stat().st_ino for it in (tmp_path / "objects").glob("??/*")] == [inode]
    assert body(s3, "copy") == LARGE


def test_versions_and_markers_come_back_in_their_order(s3: Any, killed: Killed) -> None:
    s3.put_bucket_versioning(Bucket="journaled", VersioningConfiguration={"Status": "Enabled"})
    versions = [s3.put_object(Bucket="journaled", Key="k", Body=it)["VersionId"] for it in (b"1", b"2", b"3")]
    s3.delete_object(Bucket="journaled", Key="k", VersionId=versions[1])
    marker = s3.delete_object(Bucket="journaled", Key="k")["VersionId"]

    killed()

    listed = s3.list_object_versions(Bucket="journaled")
    assert [it["VersionId"] for it in listed["Versions"]] == [versions[2], versions[0]]
    assert [it["VersionId"] for it in listed["DeleteMarkers"]] == [marker]
    assert keys(s3) == []
    s3.delete_object(Bucket="journaled", Key="k", VersionId=marker)
    assert body(s3, "k") == b"3"
    assert body(s3, "k", VersionId=versions[0]) == b"1"


def test_an_upload_comes_back_with_its_parts(s3: Any, killed: Killed) -> None:
    upload = {"Bucket": "journaled", "Key": "whole"}
    upload["UploadId"] = s3.create_multipart_upload(Metadata={"m": "x"}, **upload)["UploadId"]
    tags = [s3.upload_part(PartNumber=n, Body=LARGE + bytes([n]), **upload)["ETag"] for n in (2, 1)]
    aborted = s3.create_multipart_upload(Bucket="journaled", Key="aborted")
    s3.abort_multipart_upload(Bucket="journaled", Key="aborted", UploadId=aborted["UploadId"])

    killed()

    assert [it["Key"] for it in s3.list_multipart_uploads(Bucket="journaled")["Uploads"]] == ["whole"]
    parts = [{"PartNumber": 1, "ETag": tags[1]}, {"PartNumber": 2, "ETag": tags[0]}]
    s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **upload)
    assert body(s3, "whole") == LARGE + b"\1" + LARGE + b"\2"
    assert s3.head_object(Bucket="journaled", Key="whole")["Metadata"] == {"m": "x"}


def test_the_parts_of_a_complete_object_take_no_room(
    s3: Any, killed: Killed, snapshot: Snapshot, tmp_path: Path
) -> None:
    upload = {"Bucket": "journaled", "Key": "whole"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    parts = [
        {"PartNumber": n, "ETag": s3.upload_part(PartNumber=n, Body=LARGE + bytes([n]), **upload)["ETag"]}
        for n in (1, 2)
    ]
    s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **upload)

    killed()

    assert [it.stat().st_size for it in (tmp_path / "objects").glob("??/*")] == [2 * len(LARGE) + 2]


def test_buckets_come_back_with_their_settings(s3: Any, killed: Killed) -> None:
    s3.create_bucket(Bucket="other")
    s3.delete_bucket(Bucket="other")
    s3.put_bucket_tagging(Bucket="journaled", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="journaled", ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_object(Bucket="journaled", Key="k", Body=b"x")

    killed()

    assert [it["Name"] for it in s3.list_buckets()["Buckets"]] == ["journaled"]
    assert s3.get_bucket_tagging(Bucket="journaled")["TagSet"] == [{"Key": "k", "Value": "v"}]
    assert s3.head_object(Bucket="journaled", Key="k")["ServerSideEncryption"] == "aws:kms"


def test_a_bucket_that_is_made_again_is_empty(s3: Any, killed: Killed, snapshot: Snapshot) -> None:
    s3.put_object(Bucket="journaled", Key="k", Body=b"x")
    snapshot.write(snapshot.take())
    s3.delete_object(Bucket="journaled", Key="k")
    s3.delete_bucket(Bucket="journaled")
    s3.create_bucket(Bucket="journaled")

    killed()

    assert keys(s3) == []


def test_a_snapshot_knows_which_changes_of_buckets_it_has(
    s3: Any, killed: Killed, snapshot: Snapshot
) -> None:
    """Something that is in no record, such as what CloudFormation sets, is not undone by an older record."""
    s3.put_object(Bucket="journaled", Key="k", Body=b"x")
    s3_backends["123456789012"]["aws"].buckets["journaled"].payer = "Requester"
    snapshot.write(snapshot.take())

    killed()

    assert s3_backends["123456789012"]["aws"].buckets["journaled"].payer == "Requester"
    assert keys(s3) == ["k"]


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal is compacted as soon as half of it is outdated."""
    monkeypatch.setattr(objects, "WORTH_COMPACTING_BYTES", 0)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("saved_first", [True, False])
def test_a_compacted_journal_has_the_same_contents(
    saved_first: bool, s3: Any, killed: Killed, snapshot: Snapshot
) -> None:
    journal = snapshot.path.parent / "journal"
    upload = s3.create_multipart_upload(Bucket="journaled", Key="begun")
    s3.upload_part(Bucket="journaled", Key="begun", PartNumber=1, Body=b"p", UploadId=upload["UploadId"])
    for number in range(50):
        s3.put_object(Bucket="journaled", Key="same", Body=str(number).encode())
        s3.put_object(Bucket="journaled", Key=f"gone/{number}", Body=b"x")
        s3.delete_object(Bucket="journaled", Key=f"gone/{number}")
    before = sum(path.stat().st_size for path in journal.iterdir())
    if saved_first:
        snapshot.write(snapshot.take())
    else:
        snapshot._objects.tidy(0)
    after = sum(path.stat().st_size for path in journal.iterdir())
    assert after < before / 20
    s3.put_object(Bucket="journaled", Key="later", Body=b"x")

    killed()

    assert keys(s3) == ["later", "same"]
    assert body(s3, "same") == b"49"
    listed = s3.list_parts(Bucket="journaled", Key="begun", UploadId=upload["UploadId"])
    assert [it["PartNumber"] for it in listed["Parts"]] == [1]


def test_what_could_not_be_journaled_is_not_acknowledged_and_tried_again(
    s3: Any, killed: Killed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Journal, __: bytes) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Journal, "append", fail)
        with pytest.raises(OSError, match="No space"):
            s3.put_object(Bucket="journaled", Key="first", Body=b"x")
    s3.put_object(Bucket="journaled", Key="second", Body=b"x")

    killed()

    assert keys(s3) == ["first", "second"]


def test_a_request_is_journaled_once_before_its_answer(s3: Any, tmp_path: Path) -> None:
    patch = Patch()
    recording = Snapshot(tmp_path).install(patch)

    def application(_: Any, start_response: Any) -> Any:
        s3.create_bucket(Bucket="other")
        s3.put_object(Bucket="other", Key="k", Body=b"x", Metadata={"m": "x"}, Tagging="a=b")
        start_response("200 OK", [])
        return [b"done"]

    recording.around(application)({}, lambda *_: None)
    patch.undo()

    states = objects.LatestStates(0)
    records = list(Journal(tmp_path / "journal", _writer(tmp_path)).read())
    for record in records:
        states.add(record)
    assert [name for _, name, _ in states.buckets] == ["other"]
    assert [thing.name for thing, _ in states.latest()] == ["k"]
    assert len(records) == 2


def _writer(directory: Path) -> dict[str, Any]:
    return Snapshot(directory)._objects._journal._writer
