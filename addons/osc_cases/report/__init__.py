from . import report_case_print
from . import report_consent_form
from . import report_referral_extract
