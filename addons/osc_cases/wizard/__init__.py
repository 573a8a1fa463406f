from . import osc_intimation_answer
