"""Images: where their axes are, folders of files, producers."""
