"""Pages of orders at the desk and of operations at the terminal."""
