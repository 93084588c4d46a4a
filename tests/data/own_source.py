"""A data source as another package would write it."""


class OwnSource:
    """Recognises nothing."""

    def recognises(self, value):
        return None

    def size(self, value):
        return None

    def offers(self, value):
        """Return True."""
        return True

    def producer(self, value, options):
        raise NotImplementedError
