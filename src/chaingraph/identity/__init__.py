"""Which organizations may be the same: candidates, the names behind them, and what a person decided."""
