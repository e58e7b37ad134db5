"""The pages of routings."""
