"""How much memory a checkpoint may take where it runs."""

import torch

from tora_agent.engines.machine import free_memory

_USABLE = 0.9  # of a GPU's free memory; the rest is for what is computed between the layers


def free_on(device: torch.device) -> int:
    """How many bytes may be used on a device now; of one that cannot tell, as many as on the CPU."""
    if device.type == "cuda":
        return int(_USABLE * torch.cuda.mem_get_info(device)[0])
    return free_memory()
