"""The expression language: text in, a checked expression or all its faults out (docs/reference/language.md, Expressions).

    text ──lexer──▶ tokens ──parser──▶ syntax ──check──▶ term ──evaluation──▶ closures
                                                          ├── assignment: what may be empty, what is proven
                                                          └── explanation: the values that decided

Knows fields, lists, steps, parties and roles by name through a Scope, and a case through an Environment; no documents, no store.
"""

from engine.core.expression.environment import Environment
from engine.core.expression.expression import Expression, read
from engine.core.expression.fault import FAULT_CODES, FaultCode
from engine.core.expression.function import FUNCTIONS
from engine.core.expression.lexer import KEYWORDS
from engine.core.expression.row_function import ROW_FUNCTIONS
from engine.core.expression.scope import RESERVED, Scope

__all__ = [
    "FAULT_CODES",
    "FUNCTIONS",
    "KEYWORDS",
    "RESERVED",
    "ROW_FUNCTIONS",
    "Environment",
    "Expression",
    "FaultCode",
    "Scope",
    "read",
]
