from contextlib import contextmanager

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw


class Attempts:
    """Makes one attempt, and undoes what came of it."""

    def __init__(self, story):
        self.story = story
        self.env = story.env
        self.faults = []

    @contextmanager
    def _undone(self):
        """All that happens within is undone."""
        cr = self.env.cr
        self.env.flush_all()
        self.env.invalidate_all()
        savepoint = cr.savepoint(flush=False)
        try:
            yield
        finally:
            self.env.cr.clear()
            cr.postcommit.clear()
            savepoint.close(rollback=True)

    def _call(self, person, model, method, *args, **kwargs):
        """Call a method as RPC does."""
        user = self.story.users[person]
        env = self.env(user=user.id, context={"lang": "en_US", "tz": "UTC"})
        value = call_kw(env[model], method, list(args), kwargs)
        # What is computed last is computed as the person, too.
        env.flush_all()
        env.invalidate_all()
        return value

    def _outcome(self, attempt):
        """``(how it ended, what it gave)``: done, denied, refused or failed."""
        try:
            return "done", attempt()
        except AccessError:
            return "denied", None
        except (UserError, psycopg2.IntegrityError):
            # A rule of the suite, or of the database, whoever tries.
            return "refused", None
        except Exception as error:
            return "failed", f"{type(error).__name__}: {error}"

    def _writes(self):
        """Rows that this transaction has written so far, undone ones included."""
        self.env.cr.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) "
            "FROM pg_stat_xact_user_tables WHERE relname NOT LIKE 'bus_%'"
        )
        return self.env.cr.fetchone()[0]
