"""Public formats that this system reads and writes: one package or module per format."""
