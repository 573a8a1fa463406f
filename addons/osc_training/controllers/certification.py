from odoo import http
from odoo.http import request

from odoo.addons.survey.controllers.main import Survey


class Certification(Survey):
    """A certificate that lets somebody take cases must not be had by looking."""

    @http.route()
    def survey_print(self, survey_token, review=False, answer_token=None, **post):
        """Right answers are shown when the attempt is over; Odoo shows them at once to
        whoever knows this address."""
        access = self._get_access_data(
            survey_token, answer_token, ensure_token=False, check_partner=False
        )
        answer = access["answer_sudo"]
        if answer and answer.survey_id.certification and answer.state != "done":
            return request.redirect(answer.get_start_url())
        return super().survey_print(
            survey_token, review=review, answer_token=answer_token, **post
        )
