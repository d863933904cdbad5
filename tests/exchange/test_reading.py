"""Bundles that are made to harm, or are none."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from exchange.bundle.files import sources
from exchange.bundle.problems import BundleProblems
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from teams.models import Team
from tests.exchange.bundles import AT, write

pytestmark = pytest.mark.django_db
TEAMS = "key,name\na,A\n"


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def messages(path: Path) -> list[str]:
    with pytest.raises(BundleProblems) as caught:
        import_bundle(path, actor=SYSTEM, at=AT)
    assert not Team.objects.exists()
    return [str(problem) for problem in caught.value.problems]


def test_zip_of_files_is_imported(tmp_path: Path) -> None:
    assert (
        import_bundle(zipped(tmp_path / "b.zip", ("teams.csv", TEAMS)), actor=SYSTEM, at=AT).tables["teams"].created
        == 1
    )


@pytest.mark.parametrize(
    "name",
    ["x/y/teams.csv", "../teams.csv", "/teams.csv", "x\\teams.csv", "C:\\teams.csv", "./teams.csv", "x/../teams.csv"],
)
def test_zip_with_a_path_is_refused(tmp_path: Path, name: str) -> None:
    (message,) = messages(zipped(tmp_path / "b.zip", (name, TEAMS)))
    assert "folder or has a path" in message


def test_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("teams.csv")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    (message,) = messages(zipped(tmp_path / "b.zip", (link, "/etc/passwd")))
    assert message.startswith("teams.csv: this is a link")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_zip_with_a_file_twice_is_refused(tmp_path: Path) -> None:
    (message,) = messages(zipped(tmp_path / "b.zip", ("teams.csv", TEAMS), ("teams.csv", TEAMS)))
    assert message.startswith("teams.csv: this is in the zip twice")


def test_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", ("teams.csv", TEAMS))
    data = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    path.write_bytes(data)
    (message,) = messages(path)
    assert message == "teams.csv: this is encrypted; zip it without a password"


def test_unknown_file_in_a_zip_is_named(tmp_path: Path) -> None:
    (message,) = messages(zipped(tmp_path / "b.zip", ("teams.csv", TEAMS), ("READ\x1bME", "x")))
    assert message.startswith('"READ\\u001bME": this does not belong into a bundle')


def test_zip_that_says_it_unpacks_to_more_than_a_gigabyte_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "UNPACKED_LIMIT", len(TEAMS) - 1)
    (message,) = messages(zipped(tmp_path / "b.zip", ("teams.csv", TEAMS)))
    assert "more than 1 GB" in message


def test_what_comes_out_of_a_zip_is_counted_over_all_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its headers say."""
    monkeypatch.setattr(sources, "UNPACKED_LIMIT", 100)
    counter = sources._Counter()
    assert sources._Measured(io.BytesIO(b"x" * 60), counter).read(60)
    with pytest.raises(sources.UnpackedTooMuchError):
        sources._Measured(io.BytesIO(b"x" * 60), counter).read(60)


def test_zip_that_says_less_than_it_unpacks_to_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", ("teams.csv", TEAMS + "b,B\n" * 1_000))
    data = bytearray(path.read_bytes())
    directory = data.index(b"PK\x01\x02") + 24
    data[directory : directory + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    assert any("cannot be read" in message for message in messages(path))


def test_line_without_an_end_is_not_taken_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("teams.csv", "w") as member:
        member.write(b"key,name\n")
        for _ in range(20):
            member.write(b"a" * 1_000_000)
    (message,) = messages(path)
    assert message.startswith("teams.csv line 2: a row of more than 2,000,000 characters")


def test_damaged_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", ("teams.csv", TEAMS + "".join(f"t{number},T\n" for number in range(50_000))))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    assert any("cannot be read" in message for message in messages(path))


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 100, b"PK\x05\x06" + b"\xff" * 18])
def test_file_that_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(data)
    assert len(messages(tmp_path / "b.zip")) == 1


def test_nothing_at_the_path_is_refused(tmp_path: Path) -> None:
    (message,) = messages(tmp_path / "nowhere")
    assert message.endswith("nowhere: there is nothing here; give the folder or the zip of a bundle")


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    assert len(messages(tmp_path)) == 1


def test_folder_with_other_things_is_refused_by_their_names(tmp_path: Path) -> None:
    write(tmp_path, {"teams": TEAMS, "notes.txt": "x"})
    (tmp_path / "Goals.csv").mkdir()
    (tmp_path / "goals.csv").symlink_to(tmp_path / "teams.csv")
    os.mkfifo(tmp_path / "people.csv")
    assert [message.split(":")[0] for message in messages(tmp_path)] == [
        "people.csv",
        "goals.csv",
        "Goals.csv",
        "notes.txt",
    ]


def test_record_that_never_ends_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"teams": TEAMS + 'b,"' + ("x\n" * 10 + '","') * 200_000})
    (message,) = messages(tmp_path)
    assert "a row of more than 2,000,000 characters" in message
