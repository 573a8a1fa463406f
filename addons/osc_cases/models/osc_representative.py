from odoo import models


class OscRepresentative(models.Model):
    """Adds who of several people is told of a case first."""

    _inherit = "osc.representative"

    def _to_tell_first(self, discipline):
        """Those of a discipline who are told at once: backups only without others."""
        people = self.filtered(lambda person: person.discipline_id == discipline)
        return people.filtered(lambda person: not person.is_backup) or people
