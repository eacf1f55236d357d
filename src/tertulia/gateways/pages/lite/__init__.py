"""The light pages: a client that the server writes as HTML, for any browser, without a script."""
