"""The import of a bundle (spec/bundle.md, *Importing*)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from django.db import IntegrityError, transaction

from alignment.refresh.recompute import recompute
from exchange.bundle import amendments, editions, flags, overlay, proposed, talk
from exchange.bundle.checks import proposed as proposed_rules
from exchange.bundle.checks import talk as talk_rules
from exchange.bundle.checks.rules import check
from exchange.bundle.company import Settings, read_settings
from exchange.bundle.counts import Counts, ImportResult, Presence
from exchange.bundle.files.reading import Records
from exchange.bundle.files.sources import UNREADABLE, Source, UnpackedTooMuchError, opened
from exchange.bundle.format.contents import COMPANY_FILE, FILES, TABLES
from exchange.bundle.format.tables import FLAGS
from exchange.bundle.merging import merge
from exchange.bundle.presence import presence
from exchange.bundle.problems import BundleProblems, Problem, Problems, TooManyProblemsError
from exchange.bundle.staging import Stage, stage_file
from lib.db.locks import company_locked, take_turns
from lib.services.dates import day_in
from lib.services.finishing import forget
from lib.services.permissions import System
from lib.services.writes import writes
from teams.models import Person
from teams.services.log import record
from teams.services.people import note_who_gets_digests, note_who_is_back, note_who_left

LOCK = "alignment.import"


@writes(permission="exchange.import_company", queues=False)
def import_bundle(path: Path, *, actor: Person | System, at: dt.datetime, dry_run: bool = False) -> ImportResult:
    """Imports the folder or zip at `path`, all of it or nothing, and recomputes what it changed; with `dry_run` all of
    this is rolled back.

    "Today" is the day of `at` in the company's zone after the import, so that importing it again uses the same day. One
    import at a time. No mail is sent; new people have no password until they follow an invitation. Raises
    BundleProblems with everything that is wrong.
    """
    problems = Problems(FILES)
    try:
        with transaction.atomic(), opened(Path(path), problems) as source:
            take_turns(LOCK)
            result = _import(source, problems, actor=actor, at=at)
            if dry_run:
                transaction.set_rollback(True)
                forget()
            return result
    except TooManyProblemsError as error:
        raise BundleProblems(problems.listed()) from error
    except UnpackedTooMuchError as error:
        raise BundleProblems([*problems.listed(), Problem(path.name, None, None, error.wrong, error.right)]) from error
    except IntegrityError as error:
        raise BundleProblems([_refused(error)]) from error


def _import(source: Source, problems: Problems, *, actor: Person | System, at: dt.datetime) -> ImportResult:
    settings = None
    if COMPANY_FILE in source.files:
        settings = _read_company(source, problems)
    zone = (settings or Settings()).timezone()
    stage = Stage(problems, at=at, today=day_in(zone, at), timezone=zone)
    _stage(source, stage)
    with company_locked(alone=True):
        counts, moved = _merge(settings, stage)
        if any(each.changed for each in counts.values()):
            _finish(counts, moved, actor=actor, at=at)
        if FLAGS.name in stage.columns:
            counts[FLAGS.name] = _put_flags_back(stage, actor=actor, at=at)
        overlay.drop()
    return ImportResult(counts, problems.notices())


def _merge(settings: Settings | None, stage: Stage) -> tuple[dict[str, Counts], Presence]:
    """Checks everything and writes it, but for flags. `settings` are None where the bundle has no such file."""
    overlay.lock_tables()
    staged = overlay.lay(stage)
    flags.lay(stage)
    editions.lay(stage)
    amendments.lay(stage)
    talk.lay(stage)
    proposed.lay(stage)
    forests = check(staged, stage)
    flags.check(stage)
    editions.check(stage)
    talk_rules.check(stage)
    proposed_rules.check(stage)
    if stage.problems:
        raise BundleProblems(stage.problems.listed())
    counts = {"company": settings.merge()} if settings else {}
    moved = presence(staged)
    counts |= merge(staged, forests, stage)
    counts |= editions.put(stage) | amendments.put(stage) | talk.put(stage)
    counts |= proposed.put(stage)
    if stage.problems:
        raise BundleProblems(stage.problems.listed())
    return counts, moved


def _read_company(source: Source, problems: Problems) -> Settings:
    try:
        with source.open(COMPANY_FILE) as stream:
            return read_settings(Records(stream), problems)
    except UNREADABLE as error:
        problems.add(COMPANY_FILE, None, None, *_unreadable(error))
        return Settings()


def _stage(source: Source, stage: Stage) -> None:
    """Reports a file that cannot be opened, but not the references to its rows."""
    for table in TABLES:
        if table.file in source.broken:
            stage.unread.add(table.name)
        if table.file not in source.files:
            continue
        try:
            with source.open(table.file) as stream:
                stage_file(table, Records(stream), stage)
        except UNREADABLE as error:
            stage.unread.add(table.name)
            stage.problems.add(table.file, None, None, *_unreadable(error))


def _unreadable(error: Exception) -> tuple[str, str]:
    return f"this cannot be read ({error})", "make the bundle anew, or give the right to read it"


def _finish(counts: dict[str, Counts], moved: Presence, *, actor: Person | System, at: dt.datetime) -> None:
    """Logs how many rows of each file were created and updated; figures and history name that entry as their cause."""
    tables = {name: {"created": each.created, "updated": each.updated} for name, each in counts.items() if each.changed}
    entry = record("company.imported", actor=actor, at=at, note={"tables": tables})
    note_who_left(_people(moved.left), actor=actor, at=at)
    note_who_is_back(_people(moved.back), actor=actor, at=at)
    note_who_gets_digests(_people(moved.written_to), at=at)
    recompute(as_of=day_in(Settings().timezone(), at), at=at, cause=entry)


def _put_flags_back(stage: Stage, *, actor: Person | System, at: dt.datetime) -> Counts:
    """After the recompute, which opens the flags and has its own entry."""
    counts = flags.put_back(stage)
    if counts.changed:
        record("company.flags_imported", actor=actor, at=at, note={"updated": counts.updated})
    return counts


def _people(ids: Sequence[int]) -> list[Person]:
    return list(Person.objects.filter(pk__in=ids).order_by("pk"))


def _refused(error: IntegrityError) -> Problem:
    """The problem for a constraint violation, which happens only when people were edited meanwhile, or a check is
    missing."""
    said = str(error).strip().splitlines()[0]
    return Problem(
        "the bundle",
        None,
        None,
        f"the database refused it ({said})",
        "import it again; should this come back, report it",
    )
