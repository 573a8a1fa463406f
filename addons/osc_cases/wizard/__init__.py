from . import osc_break_glass_request
from . import osc_clock_waiver
from . import osc_intimation_answer
