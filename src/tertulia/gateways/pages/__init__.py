"""The pages that browsers are served: the files of the built web client."""
