"""Nearest neighbours, and what follows from them: graphs, votes, layouts, single linkage."""
