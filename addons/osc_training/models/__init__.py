from . import hr_skill
from . import survey_survey
from . import osc_training_requirement
from . import survey_question
