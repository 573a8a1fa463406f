from . import report_referral_letter
