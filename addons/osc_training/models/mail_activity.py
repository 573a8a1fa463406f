from odoo import fields, models


class MailActivity(models.Model):
    """Adds of which version of an SOP the task is to read, pass and sign it.

    The task doesn't stand at the version: whoever may read that would see there who has
    not finished. Odoo shows a task without a document to the person whose it is, and to
    nobody else; managers and HR see in the standings who has passed.
    """

    _inherit = "mail.activity"

    osc_sop_version_id = fields.Many2one(
        comodel_name="osc.sop.version",
        string="SOP to pass",
        index="btree_not_null",
        readonly=True,
        ondelete="cascade",
    )

    def action_open_document(self):
        """The task opens the text that is to be read."""
        self.ensure_one()
        self.check_access("read")
        if self.osc_sop_version_id:
            return self.osc_sop_version_id.action_acknowledge()
        return super().action_open_document()
