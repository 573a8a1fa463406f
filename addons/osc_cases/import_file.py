"""Lists of cases from elsewhere: reads CSV and XLSX files into rows of text.

The columns are documented in ``docs/import.md`` and in the template that the wizard
gives out. Pure functions: nothing here knows of Odoo's models.
"""

import csv
import io
from datetime import date, datetime

from openpyxl import load_workbook

COLUMNS = {
    "old_code": "The code in the list that is imported, if it had one. Kept nowhere.",
    "center": "Code of the center, such as LHR.",
    "channel": "walk_in, accompanied, phone, helpline, police, hospital, partner, "
    "online, outreach or other.",
    "urgency": "routine, urgent or emergency. Empty: routine.",
    "reported_on": "Day on which it was reported, as 2024-03-31.",
    "state": "active or closed. Empty: closed.",
    "closed_on": "Day on which it was closed. Empty: the day of the report.",
    "case_worker": "Login of the case worker. Needed for active cases.",
    "full_name": "May be empty.",
    "national_id": "May be empty.",
    "phone": "May be empty.",
    "sex": "female, male or other. Empty: female.",
    "birth_date": "As 2001-12-31. May be empty.",
    "age_years": "Age on the day of the report, when there is no birth date.",
    "incident_type": "rape, sexual_assault, physical_assault, forced_marriage, denial, "
    "psychological or non_gbv. May be empty.",
    "incident_on": "Day of the incident. May be empty.",
    "incident_place": "home, accused_home, school, workplace, street, transport, "
    "market, field, hotel, institution, online or other. May be empty.",
    "consent_statistics": "yes or no. Empty: no.",
}
REQUIRED = ("center", "channel", "reported_on")
MAXIMUM_ROWS = 10_000  # in one request: some two minutes


class UnreadableFile(ValueError):
    """The file is not such a list; the text says what to do."""


def rows_of(content, name):
    """The rows of a file.

    :param bytes content: the file
    :param str name: its name; the ending tells the kind
    :return: list of (number of the line in the file, ``{column: text}``)
    :raise UnreadableFile: not CSV in UTF-8 or XLSX, or without the columns
    """
    lines = _xlsx(content) if name.lower().endswith(".xlsx") else _csv(content)
    header = [_text(cell).strip().lower() for cell in next(lines, [])]
    missing = [column for column in REQUIRED if column not in header]
    unknown = [column for column in header if column and column not in COLUMNS]
    doubled = {column for column in header if column and header.count(column) > 1}
    if missing or unknown or doubled:
        raise UnreadableFile(
            "The first line must name the columns as the template does. "
            + "; ".join(
                f"{what}: {', '.join(sorted(columns))}"
                for what, columns in (
                    ("missing", missing),
                    ("not known", unknown),
                    ("twice", doubled),
                )
                if columns
            )
        )
    rows = []
    for number, line in enumerate(lines, 2):
        cells = [_text(cell).strip() for cell in line]
        if not any(cells):
            continue
        if len(rows) == MAXIMUM_ROWS:
            raise UnreadableFile(f"At most {MAXIMUM_ROWS} rows; split the file.")
        cells += [""] * (len(header) - len(cells))
        rows.append((number, dict(zip(header, cells, strict=False))))
    if not rows:
        raise UnreadableFile("The file has no row below the names of the columns.")
    return rows


def _csv(content):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            "The file isn't CSV in UTF-8. Save it as “CSV UTF-8” or as XLSX."
        ) from error
    separator = ";" if text.split("\n", 1)[0].count(";") else ","
    return csv.reader(io.StringIO(text), delimiter=separator)


def _xlsx(content):
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return book.worksheets[0].iter_rows(values_only=True)
    except Exception as error:
        # The library raises whatever a damaged file leads it to.
        raise UnreadableFile("The file can't be read as XLSX. Save it anew.") from error


def _text(cell):
    """A cell as a list in CSV would have it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
