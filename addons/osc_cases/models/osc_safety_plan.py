from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.osc_base.fields import EncryptedText

# The sections, in the order in which they are talked through (domain.md § 9).
SECTIONS = (
    "concern",
    "resources_money",
    "resources_people",
    "resources_community",
    "before_signal",
    "before_bag",
    "before_children",
    "during_patterns",
    "during_places",
    "during_lenders",
    "after_leaving",
    "duration",
    "kept_where",
)


class OscSafetyPlan(models.Model):
    """What she can do to be safer, made with her. A new plan replaces the former one.

    It says where she would flee to, so it has a scope of its own: consent to being
    reached, or to her statement, opens no plan. It is printed only when asked for.
    """

    _name = "osc.safety.plan"
    _description = "Safety plan"
    _inherit = ["osc.case.content", "osc.vault.mixin"]
    _order = "version desc, id desc"

    _content_scope = "safety"

    discipline_id = fields.Many2one(
        default=lambda self: self.env.ref("osc_base.osc_discipline_casework", False)
    )
    version = fields.Integer(readonly=True, aggregator=None)
    made_at = fields.Datetime(string="Made", required=True, default=fields.Datetime.now)
    replaced_at = fields.Datetime(string="Replaced", readonly=True)
    needed = fields.Selection(
        selection=[
            ("yes", "Yes"),
            ("no", "Not now"),
            ("declined", "She does not want one"),
        ],
        string="A plan is needed",
        required=True,
        default="yes",
    )
    made_with_her = fields.Boolean(
        string="Made with her", help="She said what is realistic; it is her plan."
    )
    concern = EncryptedText(string="What worries her, in her words")
    resources_money = EncryptedText(string="Money and things of her own")
    resources_people = EncryptedText(string="People she trusts")
    resources_community = EncryptedText(string="In the community")
    before_signal = EncryptedText(string="Signal or code word, and to whom")
    before_bag = EncryptedText(string="Documents and bag: what, and kept where")
    before_children = EncryptedText(string="Where the children go")
    during_patterns = EncryptedText(string="How it begins, and what has helped")
    during_places = EncryptedText(string="Where she can go")
    during_lenders = EncryptedText(string="Who can lend money or a phone")
    after_leaving = EncryptedText(string="After she has left")
    duration = EncryptedText(string="How long the plan holds")
    kept_where = EncryptedText(
        string="Her own copy",
        help="Only if she wants one and a place is safe. What is found can harm her.",
    )
    review_on = fields.Date(
        string="Review on", help="The case worker gets a task for that day."
    )
    review_activity_id = fields.Many2one(
        comodel_name="mail.activity", ondelete="set null", groups=fields.NO_ACCESS
    )

    _version_unique = models.Constraint(
        "UNIQUE(case_id, version)",
        "Somebody made another version of this plan just now. Open the case again.",
    )

    @api.depends("case_id.display_name", "version")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = self.env._(
                "%(case)s · Plan %(version)s",
                case=plan.case_id.display_name,
                version=plan.version or "",
            )

    # ------------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        plans = self.browse()
        for vals in vals_list:
            # Also versions that another discipline has made count.
            former = self.sudo().search([("case_id", "=", vals.get("case_id"))])
            if not self.env.su:
                vals = {**vals, "replaced_at": False}
            plan = super().create(
                [{**vals, "version": max(former.mapped("version"), default=0) + 1}]
            )
            former.filtered(lambda one: not one.replaced_at)._replace()
            plan._remind()
            plans += plan
        return plans

    def write(self, vals):
        """:raise UserError: a newer plan has replaced it"""
        if not self.env.su and any(plan.replaced_at for plan in self):
            raise UserError(
                self.env._(
                    "A newer plan has replaced this one. Change that one, or make a new "
                    "version."
                )
            )
        fixed = {"version", "replaced_at", "case_id"} & set(vals)
        if fixed and not self.env.su:
            raise UserError(self.env._("Make a new version instead."))
        result = super().write(vals)
        if "review_on" in vals:
            for plan in self:
                plan._remind()
        return result

    def _replace(self):
        """End these versions, as superuser: there is a newer one."""
        self.review_activity_id.unlink()
        self.write({"replaced_at": fields.Datetime.now()})

    def action_new_version(self):
        """Begin a new version with what this one says.

        :return: an action that opens it
        """
        self.ensure_one()
        self.check_access("write")
        # Vault fields are never copied by themselves.
        copied = {name: self[name] for name in ("made_with_her", *SECTIONS)}
        plan = self.create(
            {
                **copied,
                "case_id": self.case_id.id,
                "discipline_id": self.discipline_id.id,
                "needed": "yes",
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": plan.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _sections(self):
        """The sections in their order, for the page.

        :return: list of (label, text)
        """
        self.ensure_one()
        return [
            (self._fields[name]._description_string(self.env), self[name])
            for name in SECTIONS
        ]

    # ------------------------------------------------------------------
    # Review
    # ------------------------------------------------------------------
    def _remind(self):
        """One task of the case worker for the day of the review.

        The task says that there is something to review and not what.
        """
        self.ensure_one()
        # Whoever makes the plan may not write the case or see its tasks.
        plan = self.sudo()
        plan.review_activity_id.unlink()
        case = plan.case_id
        if not plan.review_on or plan.needed == "declined":
            return
        plan.review_activity_id = case.with_context(
            mail_activity_quick_update=True
        ).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=plan.review_on,
            summary=self.env._("Review"),
            user_id=(case.case_worker_id or self.env.user).id,
        )
