"""Templates checked against an allow-list and filled with data: the only package that knows Jinja2.

A template may contain text, `{{ name }}` and `{{ name.attribute }}`, the filters of `filters`, `{% if %}` with comparisons,
`and`, `or`, `not`, and `{% for item in name %}`. `syntax` refuses everything else before it is ever compiled; `sandbox` would
stop what slipped through. Knows the names that a template may use only from its caller.
"""

from notifications.render.filling import entitle, render
from notifications.render.syntax import check, names

__all__ = ["check", "entitle", "names", "render"]
