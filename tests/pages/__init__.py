"""What holds for every page of the desk, whoever adds it."""
