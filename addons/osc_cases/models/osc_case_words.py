from odoo import api, fields, models

from .osc_case_access import CHANGING_BASES


class OscCaseWords(models.AbstractModel):
    """Casework that all members of a case see, but for what is written in words.

    Why she declined something, or what she said in a follow-up, is for those who work
    on the case and for the discipline whose work it is about. Such a field says
    ``open_if="words_open"``.
    """

    _name = "osc.case.words"
    _description = "Words of casework"

    words_open = fields.Boolean(
        compute="_compute_words_open", export_string_translation=False
    )

    @api.depends("case_id")
    @api.depends_context("uid")
    def _compute_words_open(self):
        open_cases, acting_for = set(), set()
        for member in self._case_itself()._memberships_of(self.env.user):
            if member.basis in CHANGING_BASES:
                open_cases.add(member.case_id.id)
            elif member._acts_for_discipline():
                acting_for.add((member.case_id.id, member.discipline_id.id))
        # Whose work it is need not be readable to say that it isn't the user's.
        for record, known in zip(self, self.sudo(), strict=True):
            discipline = known.discipline_id if "discipline_id" in known else None
            record.words_open = known.case_id.id in open_cases or (
                bool(discipline) and (known.case_id.id, discipline.id) in acting_for
            )
