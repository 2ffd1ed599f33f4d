"""The reconciliation service: which things of the graph the names of somebody's table mean, and what is known of them.

Source: W3C Entity Reconciliation Community Group, Reconciliation Service API, versions 0.2 and 1.0 (draft).
"""
