"""How dates read, per language, where Django's own way is ambiguous."""
