from . import osc_audit_archiving
from . import osc_roster_copy
