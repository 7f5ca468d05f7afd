"""Properties over random expressions: they mean what the language page says, and what is promised about missing holds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from engine.core.expression import Expression, read
from engine.core.kind import Value
from tests.unit.expression.sentences import NAMES, VALUES, Tree, booleans, meaning, printed, some_data, values
from tests.unit.expression.surroundings import NOW, SCOPE, SHANGHAI, surroundings

TODAY = NOW.astimezone(SHANGHAI).date()


def understood(tree: Tree) -> Expression:
    text = printed(tree)
    assume(len(text) <= 400)
    result = read(text, SCOPE)
    assert isinstance(result, Expression), (text, result)
    return result


@given(tree=booleans(), data=some_data())
def test_conditions(tree: Tree, data: Mapping[str, Value]) -> None:
    expression = understood(tree)
    assert expression.evaluate(surroundings(data)) is meaning(tree, data, TODAY)


@given(
    tree=st.sampled_from(["number", "money", "date", "datetime", "text", "people"]).flatmap(lambda kind: values(kind, 3)), data=some_data()
)
def test_values(tree: Tree, data: Mapping[str, Value]) -> None:
    found = understood(tree).evaluate(surroundings(data))
    if isinstance(found, int | Decimal):
        assert Fraction(found) == meaning(tree, data, TODAY)
    else:
        assert found == meaning(tree, data, TODAY)


@given(tree=booleans(), data=some_data())
def test_only_the_fields_it_reads_matter(tree: Tree, data: Mapping[str, Value]) -> None:
    expression = understood(tree)
    needed = {name: value for name, value in data.items() if name in expression.reads}
    assert expression.evaluate(surroundings(needed)) is expression.evaluate(surroundings(data))


@given(tree=booleans(), full=st.fixed_dictionaries(dict(VALUES)), empty=st.sets(st.sampled_from(NAMES)))
def test_with_nothing_unassigned_there_is_always_an_answer(tree: Tree, full: Mapping[str, Value], empty: set[str]) -> None:
    expression = understood(tree)
    assigned: frozenset[str] = frozenset()
    while faults := expression.unassigned(assigned):
        assigned |= {expression.text[found.offset : found.offset + found.length] for found in faults}
    data = {name: value for name, value in full.items() if name in assigned or name not in empty}
    assert expression.evaluate(surroundings(data)) is not None


@given(tree=booleans(), data=some_data())
def test_what_an_outcome_proves_is_set(tree: Tree, data: Mapping[str, Value]) -> None:
    expression = understood(tree)
    outcome = expression.evaluate(surroundings(data))
    if outcome is not None:
        assert isinstance(outcome, bool)
        assert expression.proven(outcome) <= data.keys()


@given(tree=booleans(), data=some_data())
def test_an_explanation_names_what_is_missing_if_and_only_if_the_answer_is(tree: Tree, data: Mapping[str, Value]) -> None:
    expression = understood(tree)
    values, missing = expression.explain(surroundings(data))
    assert bool(missing) is (expression.evaluate(surroundings(data)) is None)
    assert set(missing) <= expression.reads - data.keys()
    assert {value.name for value in values} <= expression.reads | {"today()"}


@given(tree=booleans(), data=some_data(), others=st.fixed_dictionaries(dict(VALUES)))
def test_filling_what_is_missing_gives_an_answer(tree: Tree, data: dict[str, Value], others: Mapping[str, Value]) -> None:
    expression = understood(tree)
    for _ in NAMES:
        _, missing = expression.explain(surroundings(data))
        data |= {name: others[name] for name in missing}
    assert expression.evaluate(surroundings(data)) is not None
