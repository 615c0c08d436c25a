"""The subcommands, put together."""

from typing import Annotated

import typer

from tora_agent.cli import (
    bench,
    compare,
    doctor,
    evaluate,
    execute,
    grade,
    html_report,
    mcp,
    models,
    replay,
    runs,
    serve,
    solve,
    train,
)

app = typer.Typer(
    name="tora-agent",
    help="Solve math problems with a language model that writes programs, and score it on benchmarks.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"tora-agent {version('tora-agent')}")
        raise typer.Exit()


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None: ...


app.command()(solve.solve)
app.command("eval")(evaluate.evaluate)
app.command()(evaluate.run)
app.command("exec")(execute.execute)
app.command()(grade.grade)
app.command()(compare.compare)
app.command()(compare.regrade)
app.command()(compare.revote)
app.command()(html_report.report)
app.command()(replay.replay)
app.command()(serve.serve)
app.command()(mcp.mcp)
app.command()(doctor.doctor)
app.add_typer(models.app, name="models")
app.add_typer(runs.app, name="runs")
app.add_typer(bench.app, name="bench")
app.add_typer(train.app, name="train")
