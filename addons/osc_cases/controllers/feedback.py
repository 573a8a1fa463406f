from odoo import http
from odoo.http import request

from odoo.addons.survey.controllers.main import Survey


class Feedback(Survey):
    """What survivors say of a center, on their own phone or on one that is lent."""

    @http.route()
    def survey_start(self, survey_token, answer_token=None, email=False, **post):
        """Feedback begins anew each time: on a lent phone, the page of the survivor
        before must not come up, which Odoo finds by a cookie."""
        # The link is public, and the token is the key to it.
        survey = (
            request.env["survey.survey"]
            .sudo()
            .search(
                [("access_token", "=", survey_token), ("osc_center_id", "!=", False)]
            )
        )
        if survey and not answer_token:
            if not request.env.user._is_public():
                return request.render("survey.survey_403_page", {"survey": survey})
            answer_token = survey._create_answer(user=request.env.user).access_token
        return super().survey_start(
            survey_token,
            answer_token=answer_token,
            email=False if survey else email,
            **post,
        )
