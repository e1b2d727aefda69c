"""What stays: one SQLite file, its migrations, and the views that the house has of it."""
