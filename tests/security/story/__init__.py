"""One case of one center, with everybody whom it concerns, made inside Odoo.

Everything about the case is made by the person who would make it, through the methods
that the screens call, so that what follows from it (memberships, followers, inboxes) is
as in real life. Run by ``matrix.py`` in a shell of Odoo.

A chapter is a class in a file of its own; an addon that adds models adds a chapter.
"""

from datetime import timedelta
from types import SimpleNamespace

from odoo import fields

from .casework import Casework
from .centers import Centers
from .clinic import Clinic
from .closing import Closing
from .house import House
from .justice import Justice
from .messages import Messages
from .referral import Referral
from .report import Report
from .shelter import Shelter
from .survivors import Survivors
from .training import Training


class Story(
    Centers,
    Report,
    Casework,
    Clinic,
    Justice,
    Closing,
    Survivors,
    Messages,
    House,
    Training,
    Referral,
    Shelter,
):
    """What there is to be seen, and who tries to see it.

    ``users`` by the keys of ``PERSONS``; ``records`` by the names of the rows of the
    tables.
    """

    def __init__(self, env):
        super().__init__(env)
        self._set_the_stage()
        self._cast()
        self._draft()
        self._report()
        self._content()
        self._work_on_it()
        self._examine()
        self._prosecute()
        self._ask_to_close()
        self._find_relatives()
        self._end_some()
        self._write()
        self._small_things()
        self._train()
        self._refer()
        self._shelter()
        self._trail()
        self.keys = {key: self._api_key(key) for key in ("work", "peer", "coor")}
        env.flush_all()
        env.invalidate_all()

    def _api_key(self, person):
        keys = self._as(person, "res.users.apikeys")
        end = fields.Datetime.now() + timedelta(hours=12)
        return keys._generate("rpc", "matrix", end)

    def summary(self):
        """What tests over HTTP need to know."""
        return SimpleNamespace(
            records={
                row: [record._name, record.id] for row, record in self.records.items()
            },
            users={key: user.id for key, user in self.users.items()},
            partners={key: user.partner_id.id for key, user in self.users.items()},
            keys=self.keys,
        ).__dict__
