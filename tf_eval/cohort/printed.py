"""Conditions as a board would read them: a heading, and under it the parts as a nested list."""

from tf_eval.cohort.criteria import Group, Names, Node


def titled_list(title: str, node: Node, names: Names) -> str:
    """Return a title with what it stands for; parts that have a name of their own are listed by it.

    Args:
        title: what the node is called.
        node: what it stands for.
        names: the names of nodes that need not be taken apart.
    """
    if isinstance(node, Group) and node not in names:
        heading, parts = f"{title}: {node.heading}", node.parts
    else:
        heading, parts = f"{title}:", (node,)
    return "\n".join([heading, *(line for part in parts for line in _bullets(part, names))])


def _bullets(node: Node, names: Names) -> list[str]:
    if node in names or not isinstance(node, Group):
        return [f"- {names.get(node) or node.sentence()}"]
    return [f"- {node.heading}:", *(f"  {line}" for part in node.parts for line in _bullets(part, names))]
