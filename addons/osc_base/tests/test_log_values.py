import logging
import threading
from contextlib import contextmanager
from io import StringIO

from odoo.exceptions import AccessError, UserError
from odoo.service.model import Params
from odoo.tests import TransactionCase

from .. import log_values

TYPED = "Zarmina Testperson"


class TestLogValues(TransactionCase):
    """The log says what failed and where, and quotes nothing."""

    def setUp(self):
        super().setUp()
        log_values.protect(self.env.cr.dbname)
        self.lines = StringIO()
        self.handler = logging.StreamHandler(self.lines)
        self.handler.addFilter(log_values._Withhold())

    @contextmanager
    def _logger(self, name="odoo.http"):
        logger = logging.Logger(name)
        logger.addHandler(self.handler)
        yield logger
        self.assertNotIn(TYPED, self.lines.getvalue())

    def test_root_handlers_withhold_once(self):
        log_values.protect(self.env.cr.dbname)
        for handler in logging.getLogger().handlers:
            filters = [
                f for f in handler.filters if isinstance(f, log_values._Withhold)
            ]
            self.assertEqual(len(filters), 1)

    def test_exception_with_those_that_led_to_it(self):
        with self._logger() as logger:
            try:
                try:
                    int(TYPED)
                except ValueError as error:
                    raise KeyError(TYPED) from error
            except KeyError:
                logger.exception("Exception during request handling.")
        for part in (
            "request handling",
            "ValueError",
            "KeyError",
            "test_log_values.py",
        ):
            self.assertIn(part, self.lines.getvalue())

    def test_refusals(self):
        with self._logger() as logger:
            logger.warning(UserError(TYPED))
            logger.warning("%s, try again", ValueError(TYPED))
            logger.warning(AccessError("You may not."))
        self.assertIn("UserError", self.lines.getvalue())
        self.assertIn("You may not.", self.lines.getvalue())

    def test_statements_keep_their_form(self):
        statement = (
            f"SELECT id FROM t WHERE a = '{TYPED}' AND b = 'it''s' AND c = 3001234567"
        )
        with self._logger("odoo.sql_db") as logger:
            logger.error("bad query: %s\nERROR: %s", statement, ValueError(TYPED))
            logger.debug("query: %s", statement.encode())
        self.assertIn(
            "SELECT id FROM t WHERE a = '…' AND b = '…'", self.lines.getvalue()
        )
        self.assertNotIn("3001234567", self.lines.getvalue())

    def test_calls_lose_their_arguments(self):
        users = self.env["res.users"].browse([1, TYPED])
        with self._logger("odoo.service.model") as logger:
            arguments = Params(([("name", "=", TYPED)],), {})
            logger.debug("call %s.%s(%s)", users, "search", arguments)
        self.assertIn("call res.users(1,).search(…)", self.lines.getvalue())

    def test_other_databases_are_left_alone(self):
        thread = threading.current_thread()
        before = getattr(thread, "dbname", None)
        thread.dbname = "another"
        self.addCleanup(setattr, thread, "dbname", before)
        logger = logging.Logger("odoo.http")
        logger.addHandler(self.handler)
        logger.warning(UserError(TYPED))
        self.assertIn(TYPED, self.lines.getvalue())
