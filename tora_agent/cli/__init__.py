"""The `tora-agent` command: one module a subcommand; this one turns errors into sentences and exit codes."""

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line. Exit codes: 0 done, 1 failed, 2 the user's mistake, 130 stopped by Ctrl-C."""
    from tora_agent.cli.app import app
    from tora_agent.engines.base import EngineError
    from tora_agent.errors import UserError
    from tora_agent.sandbox import SandboxUnavailable

    try:
        app()
    except UserError as error:
        _leave(str(error), 2)
    except (EngineError, SandboxUnavailable) as error:
        _leave(str(error), 1)
    except KeyboardInterrupt:
        _leave("stopped", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone: nothing to say to it
        sys.exit(1)
    sys.exit(0)


def _leave(sentence: str, code: int) -> NoReturn:
    print(f"tora-agent: {sentence}", file=sys.stderr)
    sys.exit(code)
