"""What a director is shown: the chain map and the brief."""

from chaingraph.briefing.brief_document import BriefDocument, brief
from chaingraph.briefing.map_page import chain_map

__all__ = ["BriefDocument", "brief", "chain_map"]
