from dateutil.relativedelta import relativedelta

from odoo import models


class OscAgeMixin(models.AbstractModel):
    """How old somebody is whose birth date or age is noted.

    What has it has the fields ``birth_date``, ``age_years``, ``age_estimated`` and
    ``age_noted_on``.
    """

    _name = "osc.age.mixin"
    _description = "Age of a person"

    def _age_on(self, day):
        """Age in completed years on a day, or ``None`` when it isn't known.

        Someone born on 29 February completes a year on 28 February of other years,
        the earlier of the two readings.
        """
        self.ensure_one()
        if self.birth_date:
            return relativedelta(day, self.birth_date).years
        if self.age_years or self.age_estimated:
            noted = self.age_noted_on or day
            return self.age_years + max(relativedelta(day, noted).years, 0)
        return None
