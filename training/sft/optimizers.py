"""Muon (Jordan et al., 2024) for the matrices inside the layers, AdamW for everything else."""

from collections.abc import Iterable

import torch
from transformers import PreTrainedModel

from tora_agent.training.sft.config import Optimizers


def build_optimizers(model: PreTrainedModel, config: Optimizers) -> list[torch.optim.Optimizer]:
    """The optimizers of all that is trained; their rates are set for every step by `scale_rates`."""
    outer = {id(module.weight) for module in (model.get_input_embeddings(), model.get_output_embeddings())}
    matrices: list[torch.nn.Parameter] = []
    others: list[torch.nn.Parameter] = []
    for parameter in filter(lambda parameter: parameter.requires_grad, model.parameters()):
        (matrices if parameter.ndim == 2 and id(parameter) not in outer else others).append(parameter)
    adamw, betas = torch.optim.AdamW, (0.9, 0.95)
    if config.matrix_rate is None:
        groups = [
            {"params": others, "weight_decay": 0.0},
            {"params": matrices, "weight_decay": config.weight_decay},
        ]
        return [adamw([group for group in groups if group["params"]], lr=config.other_rate, betas=betas)]
    muon = torch.optim.Muon(
        matrices,
        lr=config.matrix_rate,
        weight_decay=config.weight_decay,
        adjust_lr_fn="match_rms_adamw",  # updates as large as AdamW's, so both rates are of one kind
    )
    return [muon, adamw(others, lr=config.other_rate, betas=betas, weight_decay=0.0)]


def scale_rates(optimizers: Iterable[torch.optim.Optimizer], config: Optimizers, factor: float) -> None:
    """Set the rates for the next step."""
    muon_rate = config.other_rate if config.matrix_rate is None else config.matrix_rate
    for optimizer in optimizers:
        rate = muon_rate if isinstance(optimizer, torch.optim.Muon) else config.other_rate
        for group in optimizer.param_groups:
            group["lr"] = rate * factor
