"""What generates text: one module for each kind of engine, behind the seam in `base`."""
