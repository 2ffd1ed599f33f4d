"""What a director is shown: the chain map, the brief and the tile map."""

from chaingraph.briefing.brief_document import BriefDocument, brief
from chaingraph.briefing.map_page import chain_map
from chaingraph.briefing.tile_map import tile_map

__all__ = ["BriefDocument", "brief", "chain_map", "tile_map"]
