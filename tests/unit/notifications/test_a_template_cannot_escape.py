"""Attempts to break out of a template: each is refused when it is checked, and gives nothing away if it is filled unchecked."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from engine.errors import Misuse
from notifications.render import check, render
from notifications.template import Template

CANARY = "canary-7f3a"
VARIABLES = {"case": frozenset({"number"}), "text": frozenset[str](), "items": frozenset[str]()}


class Secretive:
    """A value that would tell if anything but its text were asked for."""

    secret = CANARY

    def __str__(self) -> str:
        return "harmless"

    def tell(self) -> str:
        return CANARY


VALUES = {"case": {"number": "P26-000123"}, "text": Secretive(), "items": [Secretive()], "hidden": {"_secret": CANARY}}

ATTEMPTS = [
    # The classics: from any object to every class
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ text.__class__ }}",
    "{{ text['__class__'] }}",
    "{{ text|attr('__class__') }}",
    "{{ text|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ case.__init__.__globals__ }}",
    "{{ (text).secret }}{{ text.secret }}",
    "{{ text.tell() }}",
    "{{ text.tell }}",
    "{{ items[0].secret }}",
    "{% for item in items %}{{ item.secret }}{% endfor %}",
    "{{ items.0.secret }}",
    "{{ hidden._secret }}",
    "{{ hidden['_secret'] }}",
    # What Jinja2 brings along
    "{{ cycler.__init__.__globals__.os.environ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ dict.__base__ }}",
    "{{ range(10**9)|list }}",
    "{{ self._TemplateReference__context }}",
    "{{ self }}",
    "{{ config }}",
    "{{ request.application.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ loop }}{{ caller }}{{ varargs }}{{ kwargs }}",
    # CVE-2016-10745 and CVE-2019-10906: format and format_map; CVE-2024-56326: by way of a stored reference or a filter
    "{{ '{0.__class__}'.format(text) }}",
    "{{ '{x.secret}'.format_map({'x': text}) }}",
    "{{ '%s'|format(text.secret) }}",
    "{{ ['{0.secret}'.format]|map('call', text)|list }}",
    "{% set f = '{0.secret}'.format %}{{ f(text) }}",
    "{% for f in ['{0.secret}'.format] %}{{ f(text) }}{% endfor %}",
    # CVE-2025-27516: |attr to reach format
    "{{ ('{0.secret}'|attr('format'))(text) }}",
    "{{ '{0.secret}'|attr('format')|map(text) }}",
    # CVE-2024-56201: names of templates and blocks that end up in generated code
    "{% block x_y %}{{ super() }}{% endblock %}",
    "{% include '/etc/passwd' %}",
    "{% include text %}",
    "{% import 'os' as os %}{{ os }}",
    "{% from 'os' import environ %}{{ environ }}",
    "{% extends 'x{{ 1 }}.html' %}",
    "{% macro m(a=text.secret) %}{{ a }}{% endmacro %}{{ m() }}",
    "{% call text.tell() %}{% endcall %}",
    # Filters that reach, repeat or run
    "{{ items|map(attribute='secret')|join(',') }}",
    "{{ items|selectattr('secret')|list }}",
    "{{ items|groupby('secret') }}",
    "{{ items|sort(attribute='secret') }}",
    "{{ items|sum('secret') }}",
    "{{ text|pprint }}{{ text|tojson }}{{ text|xmlattr }}",
    "{{ text|center(1000000000) }}",
    "{{ text|indent(1000000000) }}",
    "{{ 'a'|list|batch(1000000000, 'x') }}",
    "{% filter attr('secret') %}x{% endfilter %}",
    # Unicode
    "{{ text.ｓecret }}",
    "{{ text.__ｃlass__ }}",
    "{{ ｔext.secret }}",
    # Time and memory
    "{{ 9**(9**9) }}",
    "{{ 'a' * 10**11 }}",
    "{{ 'a' ~ 'a' }}",
    "{% for a in items recursive %}{{ loop(items) }}{% endfor %}",
    "{% for a in items %}{% for b in items %}{% for c in items %}x{% endfor %}{% endfor %}{% endfor %}",
    "{{ [1] * 1000000000 }}",
    "{{ text is callable }}{{ text is sameas(text) }}",
    "{% do text.tell() %}",
    "{% debug %}",
    "{% trans %}x{% endtrans %}",
    "{{ _('x') }}{{ gettext('x') }}",
    "{{ text.tell and 'x' }}",
    "{{ {'a': text}['a'].secret }}",
    "{{ (text,)[0].secret }}",
    "{{ items[::1] }}",
    "{{ text.secret if text.secret else 'x' }}",
    "{{ await text }}",
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_every_attempt_is_refused(attempt: str) -> None:
    faults = check(Template("标题", attempt, attempt, "body"), VARIABLES)

    assert {(fault.language, fault.part) for fault in faults} == {("zh", "body"), ("en", "subject")}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_leaks_if_it_is_filled_unchecked(attempt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_CANARY", CANARY)

    with suppress(Misuse):
        assert CANARY not in render(Template("标题", attempt, "subject", "body"), "zh", VALUES).body


@pytest.mark.parametrize("attempt", [f"{{{{ text|attr('{name}') }}}}" for name in ("__class__", "tell", "secret")])
def test_a_subject_is_held_to_the_same_rules(attempt: str) -> None:
    with pytest.raises(Misuse, match="The subject of the template cannot be filled"):
        render(Template(attempt, "正文", "subject", "body"), "zh", VALUES)


def test_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(CANARY, encoding="utf-8")

    with pytest.raises(Misuse) as refusal:
        render(Template("标题", f"{{% include '{tmp_path}/secret' %}}", "subject", "body"), "zh", {})
    assert CANARY not in str(refusal.value)
