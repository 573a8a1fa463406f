from . import test_competence
from . import test_privacy
