"""The stable codes of diagnostics. A code is never renamed and never reused.

Knows no sentence; what each code means stands in docs/reference/diagnostics.md, which the tests compare with this list.
"""

from __future__ import annotations

from engine.core.expression import FAULT_CODES

CODES = frozenset(
    {
        # The file
        "too-large",
        "not-utf8",
        "control-character",
        # YAML
        "yaml-syntax",
        "tab",
        "full-width",
        "several-documents",
        "empty-document",
        "directive",
        "tag",
        "anchor",
        "alias",
        "merge-key",
        "bad-key",
        "duplicate-key",
        "empty-value",
        "too-deep",
        "too-many-nodes",
        # The vocabulary
        "unknown-key",
        "missing-key",
        "missing-language",
        "wrong-shape",
        "not-supported",
        "unknown-word",
        "bad-name",
        "bad-flag",
        "bad-number",
        "out-of-range",
        "too-short",
        "too-long",
        "too-few",
        "too-many",
        "bad-value",
        # Expressions
        *FAULT_CODES,
        # Names
        "unknown-state",
        "unknown-role",
        "unknown-field",
        "duplicate-name",
        "reserved-name",
        "not-allowed-here",
        "bad-case-number",
        "personal-subject",
        "personal-summary",
        "personal-copied",
        "unknown-organisation",
        "unknown-calendar",
        "unknown-template",
        "unknown-workflow",
        "unknown-start",
        "unknown-ladder",
        # Fields and values
        "bad-limit",
        "bad-pattern",
        "computed-cycle",
        "computed-written",
        "clock-in-computed",
        "misplaced-else",
        "incomplete-switch",
        # Clocks and messages
        "clock-without-states",
        "clock-without-limit",
        "legal-without-source",
        "pause-outside",
        "rung-does-nothing",
        "rung-tells-and-fires",
        "fired-step-missing",
        "step-never-fired",
        "clock-never-runs",
        "clock-never-stops",
        "unfilled-clock-field",
        "rung-before-start",
        "mixed-units",
        "party-without-address",
        "recipient-never-filled",
        "ladder-out-of-order",
        "rung-twice",
        # Titles
        "same-title",
        "title-in-other-language",
        # Events from outside
        "event-not-admitted",
        "event-field-missing",
        "event-ambiguous",
        "event-never-matches",
        # Steps that several persons sign
        "signer-without-right",
        "unsignable-field",
        # Templates
        "template-fault",
        "unknown-variable",
        "unused-variable",
        "unused-template",
        "personal-in-message",
        "rows-in-message",
        # Calendars
        "bad-official-day",
        "unknown-zone",
        "unknown-shift",
        "bad-hours",
        "bad-closure",
        "day-twice",
        "no-working-day",
        # Children
        "child-field-missing",
        "personal-handed-over",
        "child-recursion",
        "child-never-ends",
        "child-end-unhandled",
        # Data
        "stale-value",
        "asked-never-used",
        # People
        "role-unheld",
        "nobody-can-finish",
        "single-person",
        "people-undecided",
        "person-locked-in",
        # Automatic steps
        "clock-in-when",
        "automatic-overlap",
        "automatic-endless",
        # Conditions
        "choice-gap",
        "choice-overlap",
        "always-true",
        "always-false",
        "dead-step",
        "guard-undecided",
        # The graph of states
        "unreachable-state",
        "trap-state",
        "dead-transition",
        "no-final-state",
        "device-left-behind",
        # The written procedures
        "unknown-clause",
        "clause-not-carried-out",
        "left-out-in-vain",
        # Shared parts and variants
        "unknown-part",
        "part-clash",
        "unknown-choices",
        "base-chain",
        "bad-removal",
        "legal-weakened",
        "unknown-scenario",
        # Scenarios
        "unknown-person",
        "unknown-unit",
        "unknown-clock",
        "unknown-alias",
        "unknown-event",
        # The library
        "duplicate-across-files",
    }
)
