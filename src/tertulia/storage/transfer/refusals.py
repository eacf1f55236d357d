"""Why a copy into another database cannot be made."""


class TransferRefused(Exception):
    """It cannot be begun, or did not end well; the message says in a line or two what to do."""
