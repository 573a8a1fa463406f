from . import certificate
from . import certification
