from . import osc_audit_archiving
from . import base_import_import
from . import mail_compose_message
from . import osc_roster_copy
