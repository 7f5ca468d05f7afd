"""Forms on pages: generated from what a step asks, and read again when they are sent."""
