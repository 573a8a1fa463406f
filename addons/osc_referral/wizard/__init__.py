from . import base_partner_merge
from . import osc_case_closing_request
from . import osc_referral_answer
from . import osc_referral_agreement
from . import osc_referral_search
from . import osc_referral_search_line
from . import osc_referral_receive
