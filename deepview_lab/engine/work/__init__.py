"""What a run does with each batch: introspector tasks, rows, stability, snapshots, results."""
