"""Problems worked on by a Ray cluster: each worker is a process with an engine, a sandbox and graders of its own."""
