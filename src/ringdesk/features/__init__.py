"""One package per capability of the product. A feature imports another only through its `__init__`."""
