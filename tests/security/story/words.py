"""What only those may learn to whom it is open, and what is uploaded."""

from base64 import b64encode

NAME = "Mahnaz Matrixperson"
PHONE = "+92 300 5550177"
WORDS = "He waited behind the mill"
# How else she is reached, and what else says who she is.
REACHED = {
    "national_id": "35202-7654321-7",
    "address": "Behind the mill",
    "safe_contact_allowed": True,
    "safe_contact_channel": "person",
    "safe_contact_details": "Her neighbour",
    "safe_contact_hours": "After four",
    "safe_contact_notes": "Ask for the tailor",
}
# A list of old cases, as it is uploaded.
LIST = b64encode(b"center,channel,reported_on\nMTXA,phone,2024-03-31\n").decode()
# A list of agencies, as it is imported in Odoo's own way.
AGENCIES = {
    "res_model": "osc.agency",
    "file": b64encode(b"name\nHelp\n").decode(),
    "file_name": "agencies.csv",
    "file_type": "text/csv",
}
