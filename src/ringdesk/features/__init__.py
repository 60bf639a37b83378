"""The capabilities of the product, one package each."""
