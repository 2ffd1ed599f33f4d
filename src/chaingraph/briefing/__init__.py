"""What a director is shown: the chain map."""

from chaingraph.briefing.map_page import chain_map

__all__ = ["chain_map"]
