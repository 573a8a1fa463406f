from . import osc_shelter_move
from . import osc_shelter_departure
