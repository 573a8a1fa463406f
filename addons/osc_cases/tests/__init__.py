from . import test_case
from . import test_reporting
from . import test_rules
from . import test_survivor
