"""The assessment engine."""
