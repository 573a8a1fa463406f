from . import osc_break_glass_request
from . import osc_intimation_answer
from . import osc_survivor_merge_request
from . import osc_survivor_merge_request_line
from . import osc_case_print
from . import osc_consent_print
from . import osc_referral_extract
