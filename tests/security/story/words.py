"""What only those may learn to whom it is open, and what is uploaded."""

from base64 import b64encode

NAME = "Mahnaz Matrixperson"
PHONE = "+92 300 5550177"
WORDS = "He waited behind the mill"
# A list of old cases, as it is uploaded.
LIST = b64encode(b"center,channel,reported_on\nMTXA,phone,2024-03-31\n").decode()
