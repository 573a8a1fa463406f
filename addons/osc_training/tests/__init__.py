from . import test_competence
