"""Measures of supply chains: upstreamness, chokepoints, disruption and systemic risk."""
