from . import test_consent
from . import test_directory
from . import test_incoming
from . import test_referral
from . import test_rights
from . import test_watch
