"""Where the features become one web application; nothing imports this package but the command line."""
