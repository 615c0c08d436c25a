"""The three kinds of trouble: the user's mistake here; an engine's failure and the sandbox's beside their seams."""


class UserError(Exception):
    """A mistake of the user's: the message is one sentence that says what, where, and what to do.

    The command line prints it and exits with code 2, without a traceback.
    """
