"""Sample data for the demo: made-up customers with a made-up history."""
