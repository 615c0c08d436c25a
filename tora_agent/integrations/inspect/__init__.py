"""inspect_ai's extension: our models, our loop as a solver, our graders as scorers and our tasks, by their names.

The entry point `inspect_ai` loads this module, and with it all that `inspect eval tora_agent/...` finds.
"""

from tora_agent.integrations.inspect.model import tora_model
from tora_agent.integrations.inspect.scoring import strict_scorer, tora_scorer
from tora_agent.integrations.inspect.solving import tora
from tora_agent.integrations.inspect.tasks import tora_task

__all__ = ["strict_scorer", "tora", "tora_model", "tora_scorer", "tora_task"]
