"""The layout by communities: each laid out on its own, their circles packed."""
