"""A plugin of pytest: each process that runs the addons' tests has its own files.

pytest-odoo gives each of them a copy of the database, and one file store to all: what
one process throws away would be missing for the others, whose databases name it too.
"""

from contextlib import contextmanager

import pytest_odoo

from . import copies, database


@contextmanager
def _own_filestore(original: str, name: str):
    """Beside a copy of the database for the time of the tests, its attachments."""
    if name == original:
        yield
        return
    copies.copy_files(original, name)
    try:
        yield
    finally:
        database.drop_files(name)


pytest_odoo._shared_filestore = _own_filestore
