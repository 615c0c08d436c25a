"""`python -m tora_agent.training.sft CONFIG.yaml [--resume]`."""

import argparse
import sys
from pathlib import Path

from tora_agent.errors import UserError
from tora_agent.training.sft.config import load_training


def main() -> int:
    """Train as the config says; exit code 2 for a mistake of the user's."""
    parser = argparse.ArgumentParser(prog="python -m tora_agent.training.sft", description="Train on a corpus.")
    parser.add_argument("config", type=Path, help="a YAML file that describes the run")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in the output folder")
    arguments = parser.parse_args()
    try:
        config = load_training(arguments.config)
        from tora_agent.training.sft.train import train

        train(config, arguments.resume, report=lambda line: print(line, flush=True))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
