"""What the rule of a programme may be made of: its criteria, all of them, and its routes as all the ways in."""

from collections.abc import Iterable, Mapping

from tf_eval.cohort.criteria import AnyOf, Leaf, Node

# How the rule's own truth is named beside that of the criteria.
RULE = "rule"


def name_problems(criteria: Iterable[str], routes: Iterable[str]) -> list[str]:
    """Return what is wrong with the names of criteria and routes."""
    parts = {"criteria": list(criteria), "routes": list(routes)}
    problems = [f"{part}.{RULE}: the name is the rule's own; choose another" for part in parts if RULE in parts[part]]
    for part, names in parts.items():
        problems += [f"{part}: a name must be a word" for name in names if not isinstance(name, str) or not name]
        problems += [f"{part}.{name}: two have this name" for name in dict.fromkeys(names) if names.count(name) > 1]
    problems += [f"routes.{name}: a criterion has this name" for name in parts["routes"] if name in parts["criteria"]]
    return problems


def rule_problems(rule: Node, criteria: Mapping[str, Node], routes: Mapping[str, Node]) -> list[str]:
    """Return where a rule goes by something else than the criteria and routes that are stated, or leaves some out.

    Args:
        rule: the rule.
        criteria, routes: the nodes of both, by name.
    """
    ways = {f"routes.{name}": node for name, node in routes.items()} or {RULE: rule}
    problems = [problem for place, node in ways.items() for problem in _unstated(place, node, criteria)]
    return problems + _unused(rule, criteria) + _astray(rule, routes)


def _unstated(place: str, node: Node, criteria: Mapping[str, Node]) -> list[str]:
    """A condition that is no criterion has no words of the document, no evidence and no row in any table.

    One that repeats a part of a criterion would be a way around the rest of it.
    """
    others = dict.fromkeys(end for end in _ends(node, criteria) if end not in criteria.values())
    return [f"{place}: state it as a criterion, or leave it out: {end.sentence()}" for end in others]


def _unused(rule: Node, criteria: Mapping[str, Node]) -> list[str]:
    """A criterion that the rule leaves out is a slip: its title would promise what nobody checks."""
    used = _ends(rule, criteria)
    return [
        f"rule: the criterion '{name}' is stated but not used" for name, node in criteria.items() if node not in used
    ]


def _astray(rule: Node, routes: Mapping[str, Node]) -> list[str]:
    """Routes are told as all the ways in, so a rule that goes by others, or not by all, would make that untrue."""
    if not routes or (isinstance(rule, AnyOf) and rule.parts == tuple(routes.values())):
        return []
    return [f"rule: with routes it must be 'any_of: [{', '.join(routes)}]'"]


def _ends(node: Node, criteria: Mapping[str, Node]) -> list[Node]:
    """Return where a rule ends: at criteria, and at conditions that are part of none."""
    if node in criteria.values() or isinstance(node, Leaf):
        return [node]
    return [end for part in node.parts for end in _ends(part, criteria)]
