"""company.csv: the company's settings, one per row. It is read first, because the company's zone determines today."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from exchange.bundle.counts import Counts
from exchange.bundle.files.reading import Records
from exchange.bundle.files.sources import ReadError, UnpackedTooMuchError
from exchange.bundle.format.contents import COMPANY_FILE, COMPANY_SETTINGS, SETTINGS, STANCE_SETTINGS
from exchange.bundle.format.kinds import blank, refuse_blank
from exchange.bundle.problems import CellError, Problems, shown, words
from exchange.bundle.staging import noticed, read_header, report_nameless, report_width
from teams.models import Company, StanceRange

HEADER = ("setting", "value")


def stored_settings() -> dict[str, str]:
    """Every setting by name, in the bundle's format."""
    company = Company.objects.get()
    stored = {name: getattr(company, name) for name in COMPANY_SETTINGS}
    for expected in StanceRange.objects.all():
        stored |= {f"{expected.stance}.{name}": getattr(expected, name) for name in STANCE_SETTINGS}
    return {name: plain(stored[name]) for name in sorted(stored)}


def plain(value: object) -> str:
    """A decimal without trailing zeros, anything else as it is."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


@dataclass
class Settings:
    """The settings that a bundle gives, in the form in which they are stored."""

    given: dict[str, str] = field(default_factory=dict)

    def timezone(self) -> str:
        """The company's zone after the import."""
        return self.given.get("timezone") or Company.objects.get().timezone

    def merge(self) -> Counts:
        stored = stored_settings()
        changed = {name: value for name, value in self.given.items() if stored[name] != value}
        own = {name: value for name, value in changed.items() if name in COMPANY_SETTINGS}
        if own:
            Company.objects.update(**own)
        for stance in {name.partition(".")[0] for name in changed.keys() - own.keys()}:
            expected = {
                name.partition(".")[2]: value for name, value in changed.items() if name.startswith(f"{stance}.")
            }
            StanceRange.objects.filter(stance=stance).update(**expected)
        return Counts(updated=len(changed), unchanged=len(self.given) - len(changed))


def read_settings(records: Records, problems: Problems) -> Settings:
    """Adds errors to `problems`."""
    settings = Settings()
    try:
        header = read_header(COMPANY_FILE, records, HEADER, problems)
        missing = [name for name in HEADER if name not in header]
        for name in missing:
            problems.add(COMPANY_FILE, records.header_line, name, "this column is missing", "add it")
        if not missing:
            _read_rows(records, header, problems, settings)
    except UnpackedTooMuchError:
        raise
    except ReadError as error:
        problems.add(COMPANY_FILE, error.line or None, None, error.wrong, error.right)
    return settings


def _read_rows(records: Records, header: list[str | None], problems: Problems, settings: Settings) -> None:
    lines: dict[str, int] = {}
    for batch in records.batches():
        for line, row in zip(batch.lines, batch.rows, strict=True):
            if len(row) != len(header):
                report_width(COMPANY_FILE, line, len(row), len(header), problems)
                continue
            for column, cell in zip(header, row, strict=True):
                if column == "":
                    report_nameless(COMPANY_FILE, line, cell, problems)
            name, value = row[header.index("setting")], row[header.index("value")]
            if name not in SETTINGS:
                wrong = "this is blank" if blank(name) else f"there is no setting {shown(name)}"
                right = f"use one of {words(SETTINGS)}"
                problems.add(COMPANY_FILE, line, "setting", wrong, right, cell=shown(name))
            elif name in lines:
                problems.add(
                    COMPANY_FILE, line, "setting", f"{name} is on line {lines[name]} already", "keep one of the two"
                )
            else:
                lines[name] = line
                _take(name, value, line, problems, settings)


def _take(name: str, value: str, line: int, problems: Problems, settings: Settings) -> None:
    try:
        refuse_blank(value, f"give the value of {name}, or leave the row out")
        settings.given[name] = SETTINGS[name].clean(value)
        noticed(SETTINGS[name], value, settings.given[name], problems, COMPANY_FILE, line, "value")
    except CellError as error:
        wrong = f"{name}: {error.wrong}"
        problems.add(COMPANY_FILE, line, "value", wrong, error.right, cell=error.cell, instead=error.instead)
