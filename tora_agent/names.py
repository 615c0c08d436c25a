"""The words by which a user chooses a part; kept apart, since the command line knows them without loading the parts."""

from typing import Literal

EngineKind = Literal["llama_cpp", "transformers", "openai", "replay"]
Api = Literal["completions", "chat", "tools"]  # how a server is asked
GraderName = Literal["tora", "strict"]
ExecutorKind = Literal["local", "ray"]
TrackerName = Literal["mlflow"]
