"""The manifests of the reconciliation service, and the types and properties that it proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph import __version__
from chaingraph.endpoint.reconciliation.batches import MAX_BATCH
from chaingraph.endpoint.reconciliation.service import property_words, type_record
from chaingraph.queries.node_classes import CLASSES
from chaingraph.queries.properties import all_properties, properties
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

PREVIEW_WIDTH, PREVIEW_HEIGHT = 430, 320


def manifest_0_2(name: str, root: str, suffix: str, classes: Sequence[str], language: str) -> dict[str, Any]:
    """Return the manifest of version 0.2.

    Args:
        name: What the service is called.
        root: The address of the server, without a slash at its end.
        suffix: The parameters that choose the language: empty, or ``?lang=zh``.
        classes: The classes of which the graph has things.
        language: The language of names, zh or en.
    """
    also = f"&{suffix[1:]}" if suffix else ""
    services = {
        kind: {"service_url": root, "service_path": f"/reconcile/suggest/{kind}{suffix}"}
        for kind in ("entity", "property", "type")
    }
    return {
        "versions": ["0.2"],
        "name": name,
        "identifierSpace": PREFIXES["id"],
        "schemaSpace": PREFIXES["cg"],
        "serviceVersion": __version__,
        "documentation": f"{root}/",
        "defaultTypes": [type_record(one, language) for one in classes],
        "view": {"url": f"{root}/thing?iri={{{{id}}}}{also}"},
        "preview": {
            "url": f"{root}/reconcile/preview?id={{{{id}}}}{also}",
            "width": PREVIEW_WIDTH,
            "height": PREVIEW_HEIGHT,
        },
        "suggest": services,
        "extend": {
            "propose_properties": {"service_url": root, "service_path": f"/reconcile/extend/propose{suffix}"},
            "property_settings": [],
        },
    }


def manifest_1_0(name: str, root: str, classes: Sequence[str], language: str) -> dict[str, Any]:
    """Return the manifest of version 1.0, whose services lie below its own address; see :func:`manifest_0_2`."""
    return {
        "versions": ["1.0-draft"],
        "name": name,
        "lang": language,
        "serviceVersion": __version__,
        "documentation": f"{root}/",
        "defaultTypes": [type_record(one, language) for one in classes],
        "view": {"url": f"{root}/thing?iri={{id}}"},
        "preview": {"width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {"proposeProperties": True, "propertySettings": []},
        "batchSize": MAX_BATCH,
        "standardizedScore": True,
    }


def type_suggestions(prefix: str, language: str) -> dict[str, Any]:
    """Return the types whose identifier or name contains a text.

    >>> [one["id"] for one in type_suggestions("单位", "zh")["result"]], len(type_suggestions("", "en")["result"])
    (['Organization'], 12)
    """
    records = [type_record(one, language) for one in CLASSES]
    return {"result": [one for one in records if _contains(prefix, *one.values())]}


def property_suggestions(prefix: str, language: str) -> dict[str, Any]:
    """Return the properties whose identifier or name contains a text.

    >>> property_suggestions("lead", "zh")
    {'result': [{'id': 'leads', 'name': '牵头'}]}
    """
    records = [{"id": name, "name": property_words(name, language)} for name in all_properties()]
    return {"result": [one for one in records if _contains(prefix, *one.values())]}


def property_proposals(class_name: str, limit: int | None, language: str) -> dict[str, Any]:
    """Return the properties that things of a class have, at most ``limit``."""
    names = [one.name for one in properties(class_name)][:limit]
    proposals: dict[str, Any] = {
        "type": class_name,
        "properties": [{"id": name, "name": property_words(name, language)} for name in names],
    }
    return proposals if limit is None else proposals | {"limit": limit}


def _contains(part: str, *texts: str) -> bool:
    return any(part.strip().casefold() in text.casefold() for text in texts)
