"""`python -m tora_agent.training.sft CONFIG.yaml [--resume]`."""

import sys
from pathlib import Path

from tora_agent.errors import UserError
from tora_agent.training.sft.config import load_training


def main(config: Path, resume: bool = False) -> None:
    """Train as the config says; `--resume` goes on from the checkpoint in its output folder."""
    try:
        training = load_training(config)
        from tora_agent.training.sft.train import train

        train(training, resume, report=lambda line: print(line, flush=True))
    except UserError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from error


if __name__ == "__main__":
    import typer

    typer.run(main)
