"""Passwords on a developer's machine are those of a demonstration: login names.

Hashing one as Odoo does takes most of a second, on purpose; here it would be a minute of
each installation with demonstration data. Odoo on a server hashes a password anew, in
full, when its owner logs in.
"""

from odoo.addons.base.models import res_users

res_users.MIN_ROUNDS = 1000
