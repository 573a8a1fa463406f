"""Everybody tries everything, inside Odoo and through the door that RPC uses.

What a person did is undone before the next attempt, so each one meets the same story.
``run`` is called in a shell of Odoo; what it returns is compared with the tables by
``test_matrix.py``.
"""

import gc
import inspect
import warnings
from collections import defaultdict
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.tools import mute_logger

from . import calls
from .persons import PERSONS
from .reach import CORE_MODELS, methods, suite_models
from .rights import SAME_FIELDS, Rights
from .story import Story

QUIET = (
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_attachment",
    "odoo.addons.mail.models.mail_thread",
    "odoo.http",
    "odoo.models",
    "odoo.sql_db",
)


class Matrix(Rights):
    """Makes the attempts and keeps what came of them."""

    def __init__(self, story):
        super().__init__(story)
        self.methods = defaultdict(dict)
        self.uncalled = []

    # ------------------------------------------------------------------
    # Methods
    # ------------------------------------------------------------------
    def _arguments(self, model, name):
        """How to call a method; one that needs nothing is called without anything."""
        known = calls.CALLS.get(f"{model}.{name}") or calls.CALLS.get(name)
        if known:
            return known
        method = getattr(self.env.registry[model], name)
        needed = [
            parameter
            for parameter in list(inspect.signature(method).parameters.values())[1:]
            if parameter.default is parameter.empty
            and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        ]
        return None if needed else lambda story, user: ((), {})

    def _tries(self, full):
        """How a method is tried: by its name, and ``name:how`` for each other way."""
        return [full, *(name for name in calls.CALLS if name.startswith(f"{full}:"))]

    def _try_method(self, full, model, name, person):
        arguments = calls.CALLS.get(full) or self._arguments(model, name)
        user = self.story.users[person]
        row = calls.ROWS.get(full, model)
        args, kwargs = arguments(self.story, user)

        def attempt():
            ids = self.story[row].ids
            if own := calls.OWN.get(full):
                ids = self._call(person, model, "create", [own(self.story, user)])
            at_model = getattr(getattr(self.env.registry[model], name), "_api_model", 0)
            first = () if at_model else (ids,)
            return self._call(person, model, name, *first, *args, **kwargs)

        with self._undone():
            if before := calls.BEFORE.get(full):
                before(self.story)
                self.env.flush_all()
                self.env.invalidate_all()
            written = self._writes()
            how, value = self._outcome(attempt)
            if how == "done":
                how = "changes" if self._writes() != written else "answers"
            if how == "answers" and not value:
                how = "nothing"
        self.methods[full][person] = {
            "changes": "y",
            "answers": "r",
            "nothing": "0",
            "refused": "x",
            "denied": "",
            "failed": "e",
        }[how]

    def _try_others_wizard(self, full, person):
        """Nobody uses a wizard that somebody else filled in."""
        model, name = full.split(":")[0].rsplit(".", 1)
        record = self.story[model]
        user = self.story.users[person]
        if record.create_uid == user:
            return
        args, kwargs = calls.CALLS[full](self.story, user)
        with self._undone():
            how, _value = self._outcome(
                lambda: self._call(person, model, name, record.ids, *args, **kwargs)
            )
        if how != "denied":
            self.faults.append(f"{person} {name} of somebody else's {model}: {how}")

    # ------------------------------------------------------------------
    # Files and reports
    # ------------------------------------------------------------------
    def _try_download(self, row, person):
        attachment = self.story[row]
        user = self.story.users[person]
        env = self.env(user=user.id, context={})

        def attempt():
            return env["ir.binary"]._find_record(res_id=attachment.id).raw

        with self._undone():
            how, value = self._outcome(attempt)
        if ("r" in self.rights[row][person]) != (how == "done" and bool(value)):
            self.faults.append(f"{person} downloads {row}: {how} {value}")

    def _try_reports(self, row, person, reports):
        record = self.story[row]
        for report in reports:
            as_person = report.with_user(self.story.users[person])
            with self._undone():
                how, _value = self._outcome(
                    lambda report=as_person: report._render_qweb_html(
                        report.report_name, record.ids
                    )
                )
            if "r" not in self.rights[row][person] and how == "done":
                self.faults.append(f"{person} prints {report.report_name} of {row}")

    # ------------------------------------------------------------------
    # All
    # ------------------------------------------------------------------
    def run(self):
        env = self.env
        covered = {row.split(":")[0] for row in self.story.records}
        wanted = {*suite_models(env), *CORE_MODELS}
        odd = [row for row, record in self.story.records.items() if len(record) != 1]
        assert not odd, f"Not one record: {', '.join(odd)}"
        for row, record in self.story.records.items():
            reports = env["ir.actions.report"].search([("model", "=", record._name)])
            for person in PERSONS:
                self._try_rights(row, person)
                if record._name in self.case_models and row not in SAME_FIELDS:
                    self._try_fields(row, person)
                if record._name == "ir.attachment":
                    self._try_download(row, person)
                self._try_reports(row, person, reports)
            gc.collect()  # environments that nobody uses slow the others down
        for model, name in methods(env):
            full = f"{model}.{name}"
            if model not in covered or not self._arguments(model, name):
                self.uncalled.append(full)
                continue
            for way in self._tries(full):
                for person in PERSONS:
                    self._try_method(way, model, name, person)
            gc.collect()
        for full in calls.OWN:
            for person in PERSONS:
                self._try_others_wizard(full, person)
        return {
            "without record": sorted(wanted - covered),
            "without call": sorted(self.uncalled),
            "rights": self.rights,
            "methods": self.methods,
            "fields": self.fields,
            "faults": self.faults,
            "story": self.story.summary(),
        }


@contextmanager
def _refused_in_silence(registry):
    """Refusals are neither noted in the trail nor explained with the rule behind them.

    Both come after the decision, have their own tests, and take much of the time.
    """

    def none_failing(rules, records, mode):
        return rules.browse()

    with (
        patch.object(registry["ir.rule"], "_get_failing", none_failing),
        patch.object(registry["osc.audit.entry"], "_log_denied"),
    ):
        yield


def run(env):
    """Make the story, commit it, and have everybody try everything.

    :return: what JSON can carry
    """
    assert env.uid == SUPERUSER_ID
    warnings.simplefilter("ignore")
    matrix = Matrix(Story(env))
    env.cr.commit()
    gc.collect()
    gc.freeze()  # so that what the attempts leave behind is soon found
    with mute_logger(*QUIET), _refused_in_silence(env.registry):
        return matrix.run()
