from . import osc_roster_copy
