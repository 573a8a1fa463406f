"""Keeps what people typed out of the server log.

Odoo logs what goes wrong with the words of the exception or of the SQL statement, and
both quote values: a name that somebody put into a number field, a search that was
misspelt. In a database of the suite the log says what failed and where, and leaves out
the words; who did it gets the full message on the screen. Statements, which Odoo logs
when told to, lose their values, and calls their arguments. What refuses access is logged as it is: it names the
user and the kind of record.

Filters of handlers, because a filter of a logger does not see its children's records.
"""

import logging
import re
import threading
import traceback

from odoo.exceptions import AccessError
from odoo.models import BaseModel
from odoo.service.model import Params

WITHHELD = "(words withheld: they may quote what was typed)"
# A quoted text of SQL, and numbers as long as those of phones and papers.
LITERAL = re.compile(r"'(?:[^'\\]|''|\\.)*'|\b\d{7,}\b", re.DOTALL)

_protected = set()  # names of databases


def protect(database: str) -> None:
    """Withhold values from now on in what is logged for a database."""
    _protected.add(database)
    for handler in logging.getLogger().handlers:
        if not any(isinstance(known, _Withhold) for known in handler.filters):
            handler.addFilter(_Withhold())


class _Withhold(logging.Filter):
    def filter(self, record):
        database = getattr(threading.current_thread(), "dbname", None)
        if database is None or database in _protected:
            statement = record.name == "odoo.sql_db"
            if isinstance(record.args, tuple):
                record.args = tuple(_told(value, statement) for value in record.args)
            if isinstance(record.msg, Exception):
                record.msg = _summary(record.msg)
            if record.exc_info and record.exc_info[1]:
                # Formatters take a text that is there already.
                record.exc_text = _frames(record.exc_info[1])
                record.exc_info = None
        return True


def _told(value, statement):
    """What may be told of a value that is put into a line of the log.

    :param bool statement: the line is about an SQL statement: its form is told
    """
    if isinstance(value, Exception):
        return _summary(value)
    if isinstance(value, Params):
        return "…"
    if isinstance(value, BaseModel):
        # Programs send what they like as ids.
        return (
            f"{value._name}{tuple(id_ for id_ in value._ids if isinstance(id_, int))}"
        )
    if statement and isinstance(value, str | bytes):
        text = value.decode(errors="replace") if isinstance(value, bytes) else value
        return LITERAL.sub("'…'", text)
    return value


def _summary(error):
    if isinstance(error, AccessError):
        return str(error)
    name = type(error).__name__
    if code := getattr(error, "pgcode", None):
        name = f"{name} {code}"
    if frames := traceback.extract_tb(error.__traceback__):
        name = f"{name} at {frames[-1].filename}:{frames[-1].lineno}"
    return f"{name} {WITHHELD}"


def _frames(error):
    """A traceback of an exception and of those that led to it, without their words."""
    parts = []
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        name = f"{type(error).__module__}.{type(error).__qualname__}"
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{frames}{name}: {WITHHELD}")
        error = error.__cause__ or (
            None if error.__suppress_context__ else error.__context__
        )
    return "\n\nwhich led to:\n\n".join(reversed(parts))
