"""The built-in model with another graph of free speech, or with other settings of its decoder."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from models.builder import sphinx
from models.builder.language import PRUNED, SCALE, free_speech
from models.builder.ngram import Ngrams
from models.builder.ngram_graph import graph_of, write_graph
from models.builder.ngram_pruning import cut_to, pruned
from os_sim.asr import openfst


def variant_of(model: Path, settings: str, place: Path) -> Path:
    """A folder that shares the model's other files.

    `settings`: `name=value` separated by blanks.  `pruned`, `levels` (words in the longest
    n-gram), `scale` and `word` (an additional cost of each word) are about the graph, all other
    names are those of options in `conf/model.conf`.
    """
    wanted = dict(setting.split("=") for setting in settings.split())
    folder = place / settings.replace(" ", "_")
    for file in model.rglob("*"):
        if file.is_file():
            there = folder / file.relative_to(model)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.symlink_to(file.resolve())
    threshold, scale = float(wanted.pop("pruned", PRUNED)), float(wanted.pop("scale", SCALE))
    levels, word_cost = int(wanted.pop("levels", 3)), float(wanted.pop("word", 0.0))
    labels = openfst.read_word_list(folder / "graph/words.txt")
    graph = graph_of(pruned(cut_to(_whole(model), levels), threshold), labels)
    graph = replace(graph, cost=graph.cost + (graph.label > 0) * word_cost / scale)
    (folder / "graph/Gr.fst").unlink()
    write_graph(graph, folder / "graph/Gr.fst", scale)
    _configure(folder / "conf/model.conf", wanted)
    return folder


@cache
def _whole(model: Path) -> Ngrams:
    """Everything that the wheel's language model knows of the model's words."""
    source = sphinx.wheel_folder().parent / "en-us.lm.bin"
    return free_speech(source, openfst.read_word_list(model / "graph/words.txt"), threshold=-1)


def _configure(file: Path, options: dict[str, str]) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.removeprefix("--").split("=")[0] not in options]
    file.unlink()
    new = [f"--{name}={value}" for name, value in options.items()]
    file.write_text("\n".join([*kept, *new, ""]), encoding="utf-8")
