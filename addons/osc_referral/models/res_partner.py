from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain

from .res_users import PORTAL_GROUP

ROLES = "osc_base.group_any_role"


class ResPartner(models.Model):
    """An organisation to which survivors are referred is a company contact."""

    _name = "res.partner"
    _inherit = ["res.partner", "osc.partner.directory"]

    is_osc_partner = fields.Boolean(
        string="Partner of One-Stop Centers",
        groups=ROLES,
        help="Survivors are referred to this organisation.",
    )
    osc_service_ids = fields.Many2many(
        comodel_name="osc.service",
        relation="osc_partner_service_rel",
        column1="partner_id",
        column2="service_id",
        string="Gives these services",
        groups=ROLES,
    )
    osc_discipline_ids = fields.Many2many(
        comodel_name="osc.discipline",
        string="Disciplines",
        compute="_compute_osc_discipline_ids",
        groups=ROLES,
    )
    osc_area_ids = fields.Many2many(
        comodel_name="osc.area",
        relation="osc_partner_area_rel",
        column1="partner_id",
        column2="area_id",
        string="Serves these districts and cities",
        groups=ROLES,
        help="Empty: wherever she is.",
    )
    osc_calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Opening hours",
        ondelete="restrict",
        groups=ROLES,
        help="Empty: not known.",
    )
    osc_emergency_phone = fields.Char(
        string="Emergency line", groups=ROLES, help="Answered day and night."
    )
    osc_capacity = fields.Integer(
        string="Capacity",
        groups=ROLES,
        help="How many survivors it can serve at the same time. 0: not known.",
    )
    osc_open_count = fields.Integer(
        string="Referred now", compute="_compute_osc_open_count", groups=ROLES
    )
    osc_free = fields.Integer(
        string="Free", compute="_compute_osc_open_count", groups=ROLES
    )
    # Whom it serves
    osc_sex = fields.Selection(
        selection=[
            ("all", "Everybody"),
            ("female", "Women and girls"),
            ("male", "Men and boys"),
        ],
        string="Serves",
        default="all",
        groups=ROLES,
    )
    osc_age_from = fields.Integer(string="From age", groups=ROLES, help="0: no limit.")
    osc_age_to = fields.Integer(string="To age", groups=ROLES, help="0: no limit.")
    osc_takes_children = fields.Boolean(
        string="With her children", groups=ROLES, help="She may bring her children."
    )
    osc_step_free = fields.Boolean(
        string="With a disability",
        groups=ROLES,
        help="Can be reached and used by somebody with a disability.",
    )
    # Agreement
    osc_agreement_from = fields.Date(string="Agreement from", groups=ROLES)
    osc_agreement_to = fields.Date(
        string="Agreement until", groups=ROLES, help="Empty: no end."
    )
    osc_agreement_state = fields.Selection(
        selection=[
            ("none", "No agreement"),
            ("valid", "Valid"),
            ("ending", "Ends soon"),
            ("ended", "Ended"),
        ],
        string="Agreement",
        compute="_compute_osc_agreement_state",
        search="_search_osc_agreement_state",
        groups=ROLES,
    )
    osc_responsible_id = fields.Many2one(
        comodel_name="res.users",
        string="Keeps the agreement",
        domain="[('share', '=', False)]",
        ondelete="set null",
        groups=ROLES,
        help="Is asked to renew it in time. Empty: the administrators.",
    )
    osc_answers_referrals = fields.Boolean(
        string="Answers referrals in the portal",
        compute="_compute_osc_answers_referrals",
        groups=ROLES,
    )

    osc_of_partner = fields.Boolean(
        compute="_compute_osc_answers_referrals",
        groups=ROLES,
        export_string_translation=False,
        help="A person of an organisation that is a partner.",
    )

    _osc_partners = models.Index("(id) WHERE is_osc_partner")

    @api.depends("osc_service_ids.discipline_id")
    def _compute_osc_discipline_ids(self):
        for partner in self:
            partner.osc_discipline_ids = partner.osc_service_ids.discipline_id

    def _compute_osc_open_count(self):
        Referral = self.env["osc.referral"].sudo()  # of all cases: a number, no more
        counts = dict(
            Referral._read_group(
                Referral._open_domain() & Domain("partner_id", "in", self.ids),
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.osc_open_count = counts.get(partner._origin, 0)
            partner.osc_free = max(0, partner.osc_capacity - partner.osc_open_count)

    def _compute_osc_answers_referrals(self):
        group = self.env.ref(PORTAL_GROUP)
        # Roles of others can't be asked for otherwise.
        for partner in self.sudo():
            partner.osc_answers_referrals = group in partner.user_ids.all_group_ids
            organisation = partner.commercial_partner_id
            partner.osc_of_partner = (
                organisation != partner and organisation.is_osc_partner
            )

    # ------------------------------------------------------------------
    # What it must be
    # ------------------------------------------------------------------
    @api.constrains("is_osc_partner", "is_company")
    def _check_osc_partner_is_company(self):
        for partner in self:
            if partner.is_osc_partner and not partner.is_company:
                raise ValidationError(
                    self.env._(
                        "A partner is an organisation: make %s a company first.",
                        partner.name,
                    )
                )

    @api.constrains("osc_age_from", "osc_age_to", "osc_capacity")
    def _check_osc_limits(self):
        for partner in self:
            ages = (partner.osc_age_from, partner.osc_age_to)
            if min(*ages, partner.osc_capacity) < 0 or (ages[1] and ages[0] > ages[1]):
                raise ValidationError(
                    self.env._("Check the ages and the capacity of %s.", partner.name)
                )

    @api.constrains("osc_agreement_from", "osc_agreement_to")
    def _check_osc_agreement(self):
        for partner in self:
            begin, end = partner.osc_agreement_from, partner.osc_agreement_to
            if begin and end and begin > end:
                raise ValidationError(
                    self.env._("The agreement can't end before it begins.")
                )

    # ------------------------------------------------------------------
    # Agreement
    # ------------------------------------------------------------------
    def _osc_warning_days(self):
        """Days before its end in which an agreement is to be renewed."""
        # Limits hold whether or not the user may read policies.
        policy = self.env["osc.policy"].sudo()
        (longest,) = policy._read_group([], aggregates=["agreement_warning_days:max"])[
            0
        ]
        return longest or policy._limit("agreement_warning_days")

    @api.depends("osc_agreement_from", "osc_agreement_to")
    def _compute_osc_agreement_state(self):
        today = fields.Date.context_today(self)
        soon = today + timedelta(days=self._osc_warning_days())
        for partner in self:
            begin, end = partner.osc_agreement_from, partner.osc_agreement_to
            if not (begin or end) or (begin and begin > today):
                partner.osc_agreement_state = "none"
            elif end and end < today:
                partner.osc_agreement_state = "ended"
            else:
                partner.osc_agreement_state = (
                    "ending" if end and end <= soon else "valid"
                )

    def _search_osc_agreement_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        soon = today + timedelta(days=self._osc_warning_days())
        begin, end = "osc_agreement_from", "osc_agreement_to"
        begun = Domain(begin, "=", False) | Domain(begin, "<=", today)
        none = (Domain(begin, "=", False) & Domain(end, "=", False)) | Domain(
            begin, ">", today
        )
        domains = {
            "none": none,
            "ended": begun & Domain(end, "<", today),
            "ending": begun & Domain(end, ">=", today) & Domain(end, "<=", soon),
            "valid": ~none & begun & (Domain(end, "=", False) | Domain(end, ">", soon)),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _cron_osc_agreements(self):
        """Once a day: ask somebody to renew what ends soon, each agreement once."""
        kind = self.env.ref("osc_referral.mail_activity_type_agreement")
        ending = self.search(
            Domain("is_osc_partner", "=", True)
            & Domain("osc_agreement_state", "in", ["ending", "ended"])
            & ~Domain("activity_ids.activity_type_id", "=", kind.id)
        )
        administrators = self.env.ref("osc_base.group_administrator").all_user_ids
        people = administrators.filtered(
            lambda user: user.active and not user._is_superuser()
        )
        for partner in ending:
            partner.activity_schedule(
                "osc_referral.mail_activity_type_agreement",
                date_deadline=partner.osc_agreement_to,
                user_id=(partner.osc_responsible_id or people[:1]).id or self.env.uid,
            )

    # ------------------------------------------------------------------
    # People in the portal
    # ------------------------------------------------------------------
    def write(self, vals):
        if {"email", "parent_id"} & set(vals) and not self.env.su:
            self._check_may_change_login()
        leaves = not (vals.get("is_osc_partner", True) and vals.get("active", True))
        if leaves:
            self._check_no_open_referral()
        if not leaves and not {
            "commercial_partner_id",
            "is_company",
            "parent_id",
        } & set(vals):
            return super().write(vals)
        # Whoever keeps contacts may not see who logs in.
        organisations = {
            user: user.partner_id.commercial_partner_id
            for user in self.sudo().commercial_partner_id._osc_portal_users()
        }
        result = super().write(vals)
        for user, organisation in organisations.items():
            left = user.partner_id.commercial_partner_id != organisation
            if left or not (organisation.is_osc_partner and organisation.active):
                user._end_access_to_referrals()
        return result

    def _check_no_open_referral(self):
        """:raise UserError: somebody waits for an organisation that is to be no partner
        any more; neither who nor how many"""
        # Whoever keeps the directory may see no referral.
        Referral = self.env["osc.referral"].sudo()
        waiting = Domain("partner_id", "in", self.ids)
        if Referral.search_count(Referral._open_domain() & waiting, limit=1):
            raise UserError(
                self.env._(
                    "One-Stop Centers still work with this organisation. Ask them to end "
                    "that first."
                )
            )

    def _osc_portal_users(self):
        """People of this organisation who answer referrals in the portal."""
        return self.env["res.users"].search(
            Domain("all_group_ids", "in", self.env.ref(PORTAL_GROUP).ids)
            & Domain("partner_id.commercial_partner_id", "in", self.ids)
        )

    def _check_may_change_login(self):
        """Whoever gets the mail of a person can have a new password, and the code.

        :raise AccessError: the user keeps contacts, and gives no access to referrals
        """
        # Whoever keeps contacts may not see who logs in.
        users = self.sudo().user_ids.filtered(
            lambda user: user.has_group(PORTAL_GROUP) and user != self.env.user
        )
        if users:
            users.partner_id.with_env(self.env)._check_may_give_portal_access()
        for user in users:
            self.env["osc.audit.entry"]._log("grant", user, "email, parent_id")

    def _check_may_give_portal_access(self):
        """:raise AccessError: the user keeps no directory"""
        user = self.env.user
        if not (
            user.has_group("osc_base.group_administrator")
            or user.has_group("osc_base.group_center_manager")
        ):
            raise AccessError(
                self.env._("Managers and administrators give access to the portal.")
            )
        self.check_access("write")

    def action_osc_give_portal_access(self):
        """Let this person of a partner see and answer its referrals in the portal.

        Whoever has no login yet gets an invitation by e-mail.

        :raise AccessError: the user keeps no directory
        :raise UserError: not a person of a partner, or a colleague
        """
        self.ensure_one()
        self._check_may_give_portal_access()
        organisation = self.commercial_partner_id
        if self == organisation or not organisation.is_osc_partner:
            raise UserError(
                self.env._(
                    "Only named people of a partner get access: add %s as a contact of "
                    "the organisation.",
                    self.name,
                )
            )
        # Users are made by administrators of the whole system; this is one portal user
        # of a partner, by whoever may give access, which was checked.
        wizard = (
            self.env["portal.wizard"]
            .sudo()
            .create({"partner_ids": [Command.set(self.ids)]})
        )
        person = wizard.user_ids
        if person.is_internal:
            raise UserError(self.env._("%s works for a center.", self.name))
        if not person.is_portal:
            person.action_grant_access()
        # Users of contacts aren't readable for center managers.
        user = self.sudo().user_ids[:1]
        user.group_ids = [Command.link(self.env.ref(PORTAL_GROUP).id)]
        return True

    def action_osc_end_portal_access(self):
        """Take the access to referrals away, at once."""
        self._check_may_give_portal_access()
        # As above; open sessions end with it.
        users = self.sudo().user_ids.filtered(lambda user: user._is_portal())
        users._end_access_to_referrals()
        return True
