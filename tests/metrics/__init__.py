"""The measures: small made-up networks with results solved by hand, and real ones."""
