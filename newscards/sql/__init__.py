"""Cards as tables, and SQL over them: it reads, and can do nothing else."""
