"""The page of the shapes: what a graph must look like, and the message where it does not."""

from __future__ import annotations

from rdflib import RDF, SH, URIRef
from rdflib.collection import Collection
from rdflib.term import BNode, Node

from generated.markdown_text import code, escaped, table
from generated.ontology import graph, names, short, texts

_FILE = "shapes.ttl"
_SHAPES = "https://w3id.org/chaingraph/shape#"
_NO_CONSTRAINTS = {
    SH.path,
    SH.severity,
    SH.message,
    SH.targetClass,
    SH.property,
    SH.targetSubjectsOf,
    SH.targetObjectsOf,
}
_REPETITIONS = ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?"))
_HEAD = """# Shapes

This page is made from `ontology/shapes.ttl` (SHACL), against which `chaingraph check` holds a graph. A violation is an
error; a warning is for a reader to look at.

图须满足的条件（SHACL）。违反者为错误，标“warning”的供人查看。
{ lang=zh-CN }"""


def page() -> str:
    """Return the page as Markdown."""
    parts = [_HEAD]
    for title, kind in (("Shapes of classes", SH.NodeShape), ("Shapes of properties", SH.PropertyShape)):
        rows = [_row(name, URIRef(_SHAPES + name)) for name in names(_FILE, "shape", kind)]
        parts += [f"## {title}", table(("Shape", "Condition", "Message"), rows)]
    return "\n\n".join(parts) + "\n"


def _row(name: str, shape: URIRef) -> tuple[str, str, str]:
    shapes = graph(_FILE)
    severity = shapes.value(shape, SH.severity, default=SH.Violation)
    heading = [f'<a id="{name}"></a>{code(name)}', "violation" if severity == SH.Violation else "warning"]
    heading += [
        f"of {code(target)}" for target in sorted(short(node, _FILE) for node in shapes.objects(shape, SH.targetClass))
    ]
    path = shapes.value(shape, SH.path)
    conditions = [] if path is None else [code(_path(path))]
    conditions += [escaped(text) for text in constraints(shape)]
    properties = sorted(short(node, _FILE).removeprefix("shape:") for node in shapes.objects(shape, SH.property))
    conditions += [", ".join(f"[{name}](#{name})" for name in properties)] if properties else []
    message = texts(shape, SH.message, _FILE)
    return "<br>".join(heading), "<br>".join(conditions), f"{message['en']}<br>{message['zh']}"


def _path(node: Node) -> str:
    """Return the path of a shape as SPARQL writes it."""
    shapes = graph(_FILE)
    if isinstance(node, URIRef):
        return short(node, _FILE)
    if (inverse := shapes.value(node, SH.inversePath)) is not None:
        return f"^{_path(inverse)}"
    if (alternatives := shapes.value(node, SH.alternativePath)) is not None:
        return " | ".join(_path(part) for part in Collection(shapes, alternatives))
    for predicate, sign in _REPETITIONS:
        if (part := shapes.value(node, predicate)) is not None:
            return _path(part) + sign
    return " / ".join(_path(part) for part in Collection(shapes, node))


def constraints(shape: Node) -> list[str]:
    """Return the constraints of a shape, one text each, sorted."""
    shapes = graph(_FILE)
    lines = []
    for predicate, value in shapes.predicate_objects(shape):
        if predicate in _NO_CONSTRAINTS or predicate == RDF.type or not str(predicate).startswith(str(SH)):
            continue
        text = short(value, _FILE)
        if isinstance(value, BNode):
            is_list = shapes.value(value, RDF.first) is not None
            text = ", ".join(_member(part) for part in Collection(shapes, value)) if is_list else "…"
        lines.append(f"{short(predicate, _FILE).removeprefix('sh:')} {text}")
    return sorted(lines)


def _member(node: Node) -> str:
    """Return a member of a list in a shape: a name, a value, or what a nested shape asks for."""
    return f"({'; '.join(constraints(node))})" if isinstance(node, BNode) else short(node, _FILE)
