"""The child processes that answer queries and draw networks within limits, and the pools that manage them."""
