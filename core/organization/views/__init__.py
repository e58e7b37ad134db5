"""Pages of people and places, of signing in, and of signing on at terminals."""
