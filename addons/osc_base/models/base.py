from lxml.builder import E

from odoo import api, models


class Base(models.AbstractModel):
    """Adds that a record without a name of its own is chosen by what it is called.

    On a phone Odoo lets people choose among cards; where a model has neither such a view
    nor a name, each card would have nothing but a number.
    """

    _inherit = "base"

    @api.model
    def _get_default_kanban_view(self):
        view = super()._get_default_kanban_view()
        if self._rec_name_fallback() == "id":
            for card in view.iter("t"):
                card[:] = [E.field(name="display_name")]
        return view
