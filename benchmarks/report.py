"""How a figure is printed: its target's name, what it is, the figure, and what is wanted."""

from __future__ import annotations


def show(target: str, what: str, figure: float, wanted: str) -> None:
    """One line of the report."""
    print(f"{target:<5} {what:<75} {figure:>7.2f}   target {wanted}", flush=True)
