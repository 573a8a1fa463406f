from odoo import api, models

# What Odoo sends of itself: with a ticket to print, or a link that opens without login.
ODOOS_TEMPLATES = (
    "event.event_subscription",
    "event.event_reminder",
    "event.event_registration_mail_template_badge",
)


class EventMail(models.Model):
    """Sessions of the centers tell who is registered by a mail of their own.

    Odoo's has a ticket that this suite can't print, so that nobody would get it, and
    links that open without login.
    """

    _inherit = "event.mail"

    @api.model_create_multi
    def create(self, vals_list):
        schedulers = super().create(vals_list)
        schedulers._osc_use_own_template()
        return schedulers

    def write(self, vals):
        result = super().write(vals)
        if {"event_id", "template_ref"} & set(vals):
            self._osc_use_own_template()
        return result

    def _osc_use_own_template(self):
        """What HR has written for a session stays."""
        odoos = [
            self.env.ref(name, raise_if_not_found=False) for name in ODOOS_TEMPLATES
        ]
        wrong = self.filtered(
            lambda one: one.event_id.osc_skill_ids and one.template_ref in odoos
        )
        if wrong:
            own = self.env.ref("osc_training.mail_template_session")
            wrong.template_ref = f"{own._name},{own.id}"
