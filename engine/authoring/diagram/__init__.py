"""A process as a picture: what a compiled definition says, drawn as SVG, as Mermaid, or in words for a terminal.

    definition ──drawing──▶ Drawing ─┬─ mermaid ─▶ text for Mermaid
                                     ├─ outline ─▶ text for a terminal
                                     └─ figure ─▶ boxes ──layout──▶ places and lines ──svg──▶ a picture

Draws what the definition says and nothing else, in one language, always in the same way. `Marks` lay over it what was covered.
"""
