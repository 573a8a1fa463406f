from . import mail_activity_schedule
from . import mail_compose_message
from . import osc_break_glass_request
from . import osc_intimation_answer
from . import osc_case_import
from . import osc_statistics_export
