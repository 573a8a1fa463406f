from odoo import fields, models
from odoo.exceptions import UserError


class SurveySurvey(models.Model):
    """Adds the feedback of survivors, one survey for each center."""

    _inherit = "survey.survey"

    osc_center_id = fields.Many2one(
        comodel_name="osc.center",
        string="Feedback on",
        index="btree_not_null",
        copy=False,
        ondelete="cascade",
        help="Anonymous: who answers is not kept, nor when on which day.",
    )

    _osc_one_per_center = models.UniqueIndex(
        "(osc_center_id) WHERE osc_center_id IS NOT NULL AND active",
        "This center has its feedback already.",
    )

    def _create_answer(
        self,
        user=False,
        partner=False,
        email=False,
        test_entry=False,
        check_attempts=True,
        **additional_vals,
    ):
        """Feedback has no name, and whoever is logged in doesn't give it."""
        feedback = self.filtered("osc_center_id")
        if not feedback:
            return super()._create_answer(
                user, partner, email, test_entry, check_attempts, **additional_vals
            )
        # Public pages make answers as superuser with the user of the session.
        if not self.env.user._is_public():
            raise UserError(
                self.env._(
                    "Log out first: feedback is anonymous, even when you test it."
                )
            )
        return super()._create_answer(check_attempts=check_attempts)
