"""Analyses: settings, accumulators, snapshots, results. Pure: no thread, comm, file, table library or plot."""
