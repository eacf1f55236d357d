"""A real OpenID provider for the tests, and people who sign in there."""
