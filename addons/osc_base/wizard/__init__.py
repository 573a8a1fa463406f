from . import base_import_import
from . import osc_roster_copy
