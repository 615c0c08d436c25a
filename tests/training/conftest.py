"""What the tests of training share: a small corpus."""

import json
import random
from pathlib import Path

import pytest

from tora_agent.protocol import output_block
from tora_agent.training.corpus.word_problems import GENERATORS


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 trajectories of each of three families."""
    rng = random.Random(0)
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    with path.open("w") as file:
        for _ in range(200):
            for family in ("gain", "lose", "product"):
                draft = GENERATORS[family](rng)
                program = f"{draft.rationale}\n```python\n{draft.program}\n```"
                text = program + output_block(draft.answer) + draft.conclusion
                file.write(json.dumps({"family": family, "question": draft.question, "text": text}) + "\n")
    return path
