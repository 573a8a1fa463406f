from . import osc_break_glass_request
from . import osc_case_closing_request
from . import osc_case_closure_return
from . import osc_case_service_outcome
from . import osc_clock_waiver
from . import osc_followup_outcome
from . import osc_intimation_answer
from . import osc_custody_step
