from odoo import fields, models

STORAGE_CLASSES = [
    ("room", "Room temperature, dry"),
    ("cold", "Refrigerator (2–8 °C)"),
    ("frozen", "Freezer (−10 °C or colder)"),
]


class OscStoragePlace(models.Model):
    """Where a center keeps evidence under lock."""

    _name = "osc.storage.place"
    _description = "Storage place of evidence"
    _order = "center_id, name, id"

    name = fields.Char(required=True, help="For example: locker 3, refrigerator.")
    center_id = fields.Many2one(
        comodel_name="osc.center", required=True, index=True, ondelete="restrict"
    )
    storage_class = fields.Selection(
        selection=STORAGE_CLASSES, string="Storage", required=True, default="room"
    )
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint(
        "UNIQUE(center_id, name)", "The center has a place with this name."
    )
