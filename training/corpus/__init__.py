"""ToRA-format trajectories to train on: a synthetic curriculum, real training questions, and a teacher's imitation."""
