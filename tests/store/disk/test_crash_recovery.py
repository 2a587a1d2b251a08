"""An image of what a file is to be: which bytes a write over it that was cut off can have left, and which it can't."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import pytest

from tests.store.seams import fails
from watchlist.errors import StoreError
from watchlist.store.digest import digest
from watchlist.store.disk import crash_recovery
from watchlist.store.disk.crash_recovery import PAGE_BYTES, WriteAheadImage

OLD = [letter.encode() * PAGE_BYTES for letter in "abc"]
NEW = [letter.encode() * PAGE_BYTES for letter in "xyz"]


def ours(_: bytes) -> bool:
    """The journal says that it is of the last change."""
    return True


def test_each_page_is_the_old_one_or_the_new_one_in_its_place() -> None:
    image = WriteAheadImage.of(b"".join(OLD), b"".join(NEW))
    for pages in product(*zip(OLD, NEW, strict=True)):
        assert image.explains(b"".join(pages))
    for pages in (
        [OLD[1], *OLD[1:]],
        [NEW[1], *NEW[1:]],
        [*OLD[:2], OLD[0]],
        [*NEW[:2], NEW[0]],
        [*OLD[:2], b"?" * PAGE_BYTES],
    ):
        assert not image.explains(b"".join(pages))


def test_no_more_is_there_than_the_longer_and_no_less_than_the_shorter() -> None:
    image = WriteAheadImage.of(b"".join(OLD), NEW[0])
    for pages in (OLD, OLD[:2], OLD[:1], NEW[:1], [NEW[0], *OLD[1:]], [NEW[0], OLD[1]]):
        assert image.explains(b"".join(pages))
    for pages in ([*OLD, b""], [], [b"a" * 10]):
        assert image.explains(b"".join(pages)) is (pages == [*OLD, b""])
    assert not image.explains(b"".join(OLD) + b"c")
    assert not image.explains(OLD[0][:-1])
    longer = WriteAheadImage.of(OLD[0], b"".join(NEW))
    for pages in (OLD[:1], NEW[:1], [OLD[0], *NEW[1:]], [OLD[0], NEW[1]], NEW):
        assert longer.explains(b"".join(pages))
    assert not longer.explains(b"".join([OLD[0], OLD[1]]))
    assert not longer.explains(b"".join(NEW) + b"z")


def test_the_page_in_which_the_new_ends_may_end_with_the_old() -> None:
    old, new = b"".join(OLD), NEW[0] + b"y" * 10
    image = WriteAheadImage.of(old, new)
    seam = b"y" * 10 + b"b" * (PAGE_BYTES - 10)
    assert image.explains(NEW[0] + seam + OLD[2])
    assert image.explains(OLD[0] + seam + OLD[2])
    assert not image.explains(seam + seam + OLD[2])  # but there alone
    assert not image.explains(NEW[0] + seam + seam)
    assert image.explains(new)


def test_an_image_is_read_as_it_was_kept_or_not_at_all(tmp_path: Path) -> None:
    for old, new in ((b"".join(OLD), NEW[0]), (b"", b"new \n new"), (b"old", b""), (b"\n", b"\n\n")):
        path = tmp_path / "image"
        image = WriteAheadImage.of(old, new)
        image.write(path)
        assert WriteAheadImage.read(path) == image
        whole = path.read_bytes()
        for damaged in (whole[:-1], whole[1:], whole + b"x", b"", b"x", b" "):
            path.write_bytes(damaged)
            assert WriteAheadImage.read(path) is None
    path.unlink()
    assert WriteAheadImage.read(path) is None


@pytest.mark.parametrize("there", [b"old", b"new", b"of others"])
def test_a_write_that_was_cut_off_is_finished_and_no_other(tmp_path: Path, there: bytes) -> None:
    file, path, kept = tmp_path / "file", tmp_path / "image", list[bytes]()
    file.write_bytes(there)
    WriteAheadImage.of(b"old", b"new").write(path)
    assert crash_recovery.read(file, path, ours) == (there if there == b"of others" else b"new")
    assert file.read_bytes() == there
    said = crash_recovery.settle(file, path, kept.append, ours)
    assert not path.exists()
    if there == b"of others":
        assert (file.read_bytes(), kept) == (there, [b"new"])
        assert "was interrupted" in said
    else:
        assert (file.read_bytes(), kept, said) == (b"new", [], "")
    assert crash_recovery.settle(file, path, kept.append, ours) == ""


def test_B18_an_image_that_no_change_made_is_never_written(tmp_path: Path) -> None:
    file, path, kept = tmp_path / "file", tmp_path / "image", list[bytes]()
    file.write_bytes(b"old")
    WriteAheadImage.of(b"old", b"forged").write(path)
    assert crash_recovery.read(file, path, lambda data: False) == b"old"
    said = crash_recovery.settle(file, path, kept.append, lambda data: False)
    assert "kept as a backup" in said
    assert (file.read_bytes(), kept, path.exists()) == (b"old", [b"forged"], False)


DIGEST = "0" * 32


@pytest.mark.parametrize(
    "head",
    [
        *(
            "",
            "x",
            "1",
            f"x {DIGEST}",
            f"-1 {DIGEST}",
            f"1_0 {DIGEST}",
            f"{'9' * 5000} {DIGEST}",
            f"3 {DIGEST}",
        ),
        *(
            f"3 short {DIGEST}",
            f"3 {DIGEST} {DIGEST} {DIGEST}",
            f"\u0663 {DIGEST} {DIGEST}",
            f"3 {DIGEST}  {DIGEST}",
        ),
    ],
)
def test_B18_an_image_with_an_unreadable_header_is_renamed_and_said(tmp_path: Path, head: str) -> None:
    file, path = tmp_path / "file", tmp_path / "image"
    file.write_bytes(b"old")
    rest = head.encode() + b"\nnew"
    path.write_bytes(digest(rest).encode() + b" " + rest)
    data = path.read_bytes()
    assert crash_recovery.read(file, path, ours) == b"old"
    said = crash_recovery.settle(file, path, lambda data: None, ours)
    assert f"renamed to {path}.unusable-1" in said
    assert (tmp_path / "image.unusable-1").read_bytes() == data
    assert crash_recovery.settle(file, path, lambda data: None, ours) == ""
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_B18_what_is_no_file_in_place_of_an_image_is_renamed(tmp_path: Path, kind: str) -> None:
    file, path = tmp_path / "file", tmp_path / "image"
    file.write_bytes(b"old")
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "nowhere")
    assert crash_recovery.read(file, path, ours) == b"old"
    assert "renamed to" in crash_recovery.settle(file, path, lambda data: None, ours)
    assert crash_recovery.settle(file, path, lambda data: None, ours) == ""
    assert (tmp_path / "image.unusable-1").lstat()


def test_a_file_that_is_gone_is_not_made_from_an_image(tmp_path: Path) -> None:
    file, path, kept = tmp_path / "file", tmp_path / "image", list[bytes]()
    WriteAheadImage.of(b"old", b"new").write(path)
    assert crash_recovery.read(file, path, ours) is None
    assert "kept as a backup" in crash_recovery.settle(file, path, kept.append, ours)
    assert (file.exists(), kept) == (False, [b"new"])


def test_an_image_that_can_not_be_read_bars_no_reading(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    (tmp_path / "image").mkdir()
    assert crash_recovery.read(file, tmp_path / "image", ours) == b"old"


@pytest.mark.parametrize("name", ["fsync", "ftruncate", "write", "lseek"])
def test_what_was_half_written_can_still_be_finished_where_finishing_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file, path, kept = tmp_path / "file", tmp_path / "image", list[bytes]()
    mixture = b"".join([NEW[0], *OLD[1:]])
    file.write_bytes(mixture)
    os.link(file, tmp_path / "second")  # so that it is written in place
    WriteAheadImage.of(b"".join(OLD), b"".join(NEW)).write(path)
    descriptor = os.open(file, os.O_RDONLY)
    call, inode = getattr(os, name), os.fstat(descriptor).st_ino
    os.close(descriptor)
    failed: list[str] = []

    def once(at: int, *words: object) -> object:
        if not failed and os.fstat(at).st_ino == inode:
            failed.append(name)
            fails(5)(name)
        return call(at, *words)

    with monkeypatch.context() as patch:
        patch.setattr(os, name, once)
        with pytest.raises(StoreError, match="EIO"):
            crash_recovery.settle(file, path, kept.append, ours)
    assert failed
    assert crash_recovery.read(file, path, ours) == b"".join(NEW)
    assert crash_recovery.settle(file, path, kept.append, ours) == ""
    assert (file.read_bytes(), kept, path.exists()) == (b"".join(NEW), [], False)


def test_what_is_finished_already_is_not_written_again(tmp_path: Path) -> None:
    file, path = tmp_path / "file", tmp_path / "image"
    file.write_bytes(b"new")
    WriteAheadImage.of(b"old", b"new").write(path)
    before = file.stat()
    assert crash_recovery.settle(file, path, lambda data: None, ours) == ""
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


# Temporary files


def swept(folder: Path, *names: str) -> set[str]:
    """The names that are left of these, each an old file that nobody knows."""
    file = folder / "list.toml"
    file.write_bytes(b"list")
    for name in names:
        (folder / name).write_bytes(b"?")
        os.utime(folder / name, (1, 1))
    crash_recovery.sweep(file, lambda digest: False, lambda data: None)
    return set(os.listdir(folder)) - {"list.toml"}  # noqa: PTH208  (iterdir calls scandir, which may be made to fail)


def test_F33_only_names_of_temporary_files_are_looked_at(tmp_path: Path) -> None:
    others = (
        ".0123456789ab.tmp~",
        ".0123456789ab.tmpx",
        "x.0123456789ab.tmp",
        ".0123456789AB.tmp",
        ".0123456789a.tmp",
        ".tmp",
    )
    assert swept(tmp_path, ".0123456789ab.tmp", *others) == set(others)


def test_F33_a_young_one_may_still_be_somebodys(tmp_path: Path) -> None:
    file, young = tmp_path / "list.toml", tmp_path / ".0123456789ab.tmp"
    young.write_bytes(b"?")
    file.write_bytes(b"list")
    now = file.stat().st_mtime
    for age, there in (
        (0, True),
        (crash_recovery.TEMPORARY_MIN_AGE_SECONDS - 1, True),
        (crash_recovery.TEMPORARY_MIN_AGE_SECONDS + 1, False),
    ):
        os.utime(young, (now - age, now - age))
        crash_recovery.sweep(file, lambda digest: True, lambda data: None)
        assert young.exists() is there


def test_F33_an_empty_one_and_one_that_is_known_are_not_kept(tmp_path: Path) -> None:
    file, kept = tmp_path / "list.toml", list[bytes]()
    file.write_bytes(b"list")
    for number, data in enumerate((b"", b"known", b"unknown")):
        path = tmp_path / f".{number:012}.tmp"
        path.write_bytes(data)
        os.utime(path, (1, 1))
    (tmp_path / f".{9:012}.tmp").mkdir()
    os.utime(tmp_path / f".{9:012}.tmp", (1, 1))
    crash_recovery.sweep(file, lambda found: found == digest(b"known"), kept.append)
    assert kept == [b"unknown"]
    assert [path.name for path in tmp_path.glob(".*")] == [f".{9:012}.tmp"]


@pytest.mark.parametrize("name", ["scandir", "stat", "unlink"])
def test_F33_what_can_not_be_looked_at_or_removed_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, name, lambda *_, **__: fails(13)(name))
        assert swept(tmp_path, ".0123456789ab.tmp") == {".0123456789ab.tmp"}
    assert swept(tmp_path) == set()


def test_F33_one_that_can_not_be_removed_keeps_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f".{number:012}.tmp" for number in range(5)]
    unlink = os.unlink
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", lambda path, **_: fails(13)("") if str(path).endswith("3.tmp") else unlink(path))
        assert swept(tmp_path, *names) == {names[3]}
