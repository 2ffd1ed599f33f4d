"""Pages of this room that need no script: one template, one style sheet, and a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

import jinja2
from markupsafe import Markup


def scriptless_page(name: str, **values: object) -> str:
    """Return a page as HTML: what came with the data is escaped, no script may run, and nothing is loaded.

    Args:
        name: What the template (``.html.j2``) and the style sheet (``.css``) of this room are called.
        values: What the template shows, besides ``style`` and ``policy``.
    """
    style = _file(f"{name}.css")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return environment.from_string(_file(f"{name}.html.j2")).render(style=Markup(style), policy=policy, **values)


def _file(name: str) -> str:
    return files("chaingraph.briefing").joinpath(name).read_text(encoding="utf-8")
