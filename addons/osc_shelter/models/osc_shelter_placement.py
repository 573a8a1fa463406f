from odoo import fields, models
from odoo.fields import Domain

# Referrals that look for a place, or found one.
LOOKING_STATES = ("draft", "sent", "accepted", "in_service", "completed")


class OscShelterPlacement(models.AbstractModel):
    """Part of ``osc.shelter.stay``: the place where she goes from here.

    A long-term home is a partner's service. Its referral is drafted when she moves in
    and the days of the policy don't suffice, else on the day that the policy names, so
    that nobody thinks of it on the last evening. Somebody chooses the partner and what
    is passed on, and sends it.
    """

    _name = "osc.shelter.placement"
    _description = "Place after the shelter"

    needs_longer = fields.Boolean(
        string="Needs a longer place",
        help="It is known now that the days of the policy don't suffice: a place in a "
        "long-term home is looked for from the start.",
    )
    placement_id = fields.Many2one(
        comodel_name="osc.referral",
        string="Onward place",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The referral to a long-term home.",
    )
    placement_state = fields.Selection(related="placement_id.state", string="Referral")

    def _place_if_due(self):
        """Draft the referral of those who need one by now."""
        for stay in self.filtered(lambda stay: stay.state == "in"):
            day = stay.policy_id._limit("shelter_placement_day")
            if stay.needs_longer or stay._day_number() >= day:
                stay._draft_placement()

    def _draft_placement(self):
        """One referral that looks for a place; after a declined one, the next."""
        self.ensure_one()
        if self._has_placement():
            return
        service = self.env.ref("osc_base.osc_service_long_term_home", False)
        if not service:
            return
        # Drafted by the rules of the house, whoever checks her in.
        case = self._case_itself()
        Referral = self.env["osc.referral"].sudo()
        referral = Referral.search(
            Domain("case_id", "=", case.id)
            & Domain("service_id", "=", service.id)
            & Domain("state", "in", LOOKING_STATES),
            limit=1,
        ) or Referral.create({"case_id": case.id, "service_id": service.id})
        # As above.
        self.sudo().placement_id = referral
        self._tell_placement(referral)

    def _has_placement(self):
        """Whether a referral looks for a place, or found one."""
        # The referral may be hidden from who runs the house.
        return self.sudo().placement_state in LOOKING_STATES

    def _tell_placement(self, referral):
        """Those who can send it, by code."""
        if referral.state != "draft":
            return

        def message(case):
            return case.env._("A draft in %s", case.display_name), case.env._(
                "The referral %(referral)s in %(case)s was drafted. Choose the partner "
                "and send it.",
                referral=referral.name,
                case=case.display_name,
            )

        case = self._case_itself()
        users = (case.case_worker_id or case.center_id.manager_id).filtered("active")
        case._notify_people(users - case.excluded_user_ids, message)

    def action_open_placement(self):
        """The referral to a long-term home; drafted now if there is none.

        :raise AccessError: the user may not handle the stay
        """
        self.ensure_one()
        self.check_access("write")
        self._draft_placement()
        return {
            "type": "ir.actions.act_window",
            "name": self.placement_id.display_name,
            "res_model": "osc.referral",
            "res_id": self.placement_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
