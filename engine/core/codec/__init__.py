"""Values, events and the parts of a case as JSON, and JSON as canonical text: what is stored and what the chain of hashes is made of."""

from engine.core.codec.event import EVENT_KINDS, decode_event, encode_event
from engine.core.codec.family import decode_children, encode_children, encode_parent
from engine.core.codec.run import decode_runs, encode_runs
from engine.core.codec.signing import decode_signing, encode_signing
from engine.core.codec.text import Json, canonical, decode_instant, encode_instant, parsed
from engine.core.codec.value import Kinds, decode_cells, decode_changes, decode_value, encode_cells, encode_changes, encode_value

__all__ = [
    "EVENT_KINDS",
    "Json",
    "Kinds",
    "canonical",
    "decode_cells",
    "decode_changes",
    "decode_children",
    "decode_event",
    "decode_instant",
    "decode_runs",
    "decode_signing",
    "decode_value",
    "encode_cells",
    "encode_changes",
    "encode_children",
    "encode_event",
    "encode_instant",
    "encode_parent",
    "encode_runs",
    "encode_signing",
    "encode_value",
    "parsed",
]
