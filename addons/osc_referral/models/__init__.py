from . import osc_area
from . import osc_referral_item
from . import osc_referral
from . import osc_case
from . import res_partner
