"""Problems of our own that ship with the package."""
