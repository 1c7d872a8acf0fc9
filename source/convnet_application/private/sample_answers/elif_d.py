"""Nothing done."""
