from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api

from odoo.addons.mail.tools.parser import parse_res_ids

# Not in the context of the environment, which every caller may choose.
OWN_WORDS = ContextVar("osc_own_words", default=False)


@contextmanager
def own_words():
    """What the program itself writes names nobody, even if she is called as a colleague
    or by a word of it: telling people, and emergency access, must not fail by that."""
    token = OWN_WORDS.set(True)
    try:
        yield
    finally:
        OWN_WORDS.reset(token)


class CaseWriting:
    """Whoever writes about a case is stopped from naming her before it is stored.

    Not only when it is posted: a draft, a scheduled message or a planned activity lies
    in the database as well. A class of Python, not a model, as ``CaseCorrespondence``.
    """

    __slots__ = ()

    # Names of the fields that say to which record it belongs, and of what is written.
    _document_model_field = None
    _document_id_field = "res_id"
    _written_fields = ()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if any(vals.get(name) for name in self._written_fields):
                names = [self._document_model_field, self._document_id_field]
                draft = self.new({**self.default_get(names), **vals})
                draft._check_no_identity(vals)
        return super().create(vals_list)

    def write(self, vals):
        if any(vals.get(name) for name in self._written_fields):
            for record in self:
                record._check_no_identity(vals)
        return super().write(vals)

    def _check_no_identity(self, vals):
        """:raise UserError: a text says who the survivor of the case is"""
        # Only where it belongs is read here.
        document = self.sudo()
        if document[self._document_model_field] != "osc.case":
            return
        ids = document[self._document_id_field]
        ids = parse_res_ids(ids, self.env) if isinstance(ids, str) else [ids]
        texts = [vals[name] for name in self._written_fields if vals.get(name)]
        for case in self.env["osc.case"].browse(ids or []):
            case._check_no_identity(*texts)
