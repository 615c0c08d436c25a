"""What the user did: a mistake, or a stop. An engine's failure and the sandbox's stand beside their seams."""


class UserError(Exception):
    """A mistake of the user's: the message is one sentence that says what, where, and what to do.

    The command line prints it and exits with code 2, without a traceback.
    """


class Stopped(Exception):
    """The user stopped the work (Ctrl-C): the message is one sentence that says what is kept, and how to go on.

    The command line prints it and exits with code 130.
    """
