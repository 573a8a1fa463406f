from odoo import models
from odoo.fields import Domain


class OscReferralService(models.AbstractModel):
    """Part of ``osc.referral``: the service on the case follows what becomes of it."""

    _name = "osc.referral.service"
    _description = "Service of a referral"

    def _matching_case_service(self):
        """The service that she asked for in the case; made when there is none."""
        # Who refers need not be one of those who may note services.
        services = self._case_itself().service_ids.filtered(
            lambda service: (
                service.service_id == self.service_id
                and service.state not in ("delivered", "declined")
            )
        )
        return (self.sudo().case_service_id & services) or (
            services[:1]
            or services.create(
                {"case_id": self.case_id.id, "service_id": self.service_id.id}
            )
        )

    def _service_follows(self):
        """The service on the case says what became of the referral.

        What no partner gave is asked for again: an open need until it is solved.
        """
        # Also when the partner answers, who knows nothing of services.
        for referral in self.sudo():
            service = referral.case_service_id
            if referral.state == "sent":
                if service.state in ("requested", "scheduled", "unavailable"):
                    service.action_refer()
            elif service.state == "referred" and not referral._others_at_work():
                if referral.outcome == "served":
                    service.action_deliver()
                else:
                    service.action_request_again()

    def _others_at_work(self):
        """Other referrals for the same service of the case that are with a partner."""
        if not self.case_service_id:
            return self.browse()
        return self.search(
            self._open_domain()
            & Domain("case_service_id", "=", self.case_service_id.id)
            & Domain("id", "!=", self.id)
        )
