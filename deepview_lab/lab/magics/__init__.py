"""The ``%deepview`` magic: commands, completion, execution."""
