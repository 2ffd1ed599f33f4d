"""What the command measure prints."""
