from . import test_curriculum
