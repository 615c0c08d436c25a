"""Muon (Jordan et al., 2024) for the matrices inside the layers, AdamW for everything else."""

from collections.abc import Iterable

import torch
from transformers import PreTrainedModel

from tora_agent.training.sft.config import Optimizers


def build_optimizers(model: PreTrainedModel, config: Optimizers) -> list[torch.optim.Optimizer]:
    """One optimizer for each kind of parameter, at the rates of the config."""
    outer = {id(module.weight) for module in (model.get_input_embeddings(), model.get_output_embeddings())}
    matrices: list[torch.nn.Parameter] = []
    others: list[torch.nn.Parameter] = []
    for parameter in model.parameters():
        (matrices if parameter.ndim == 2 and id(parameter) not in outer else others).append(parameter)
    muon = torch.optim.Muon(
        matrices,
        lr=config.matrix_rate,
        weight_decay=config.weight_decay,
        adjust_lr_fn="match_rms_adamw",  # updates as large as AdamW's, so both rates are of one kind
    )
    adamw = torch.optim.AdamW(others, lr=config.other_rate, betas=(0.9, 0.95), weight_decay=0.0)
    return [muon, adamw]


def scale_rates(optimizers: Iterable[torch.optim.Optimizer], config: Optimizers, factor: float) -> None:
    """Set the rates for the next step."""
    for optimizer, rate in zip(optimizers, (config.matrix_rate, config.other_rate), strict=True):
        for group in optimizer.param_groups:
            group["lr"] = rate * factor
