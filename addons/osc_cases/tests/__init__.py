from . import test_answers
from . import test_case
from . import test_center
from . import test_delivery
from . import test_escalation
from . import test_reporting
from . import test_rules
from . import test_survivor
