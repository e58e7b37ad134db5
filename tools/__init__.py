"""What runs, tests and checks Trueline on a machine. Nothing here is imported by the product itself."""
