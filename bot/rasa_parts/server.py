"""The Rasa server: our channel on loopback, without Rasa's HTTP API, and silent."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from bot.privacy.silence import (
    forget_regularly,
    harden_process,
    quiet_logging,
    quiet_warnings,
)

harden_process()
quiet_warnings()


def check_answer(_: object, answer: object) -> bool:
    """Make sure that an answer of the action server has the shape that Rasa reads.

    Rasa validates it against a JSON Schema that it builds anew each time: 20 ms, more than
    understanding the message. The action server is ours and tested.

    Raises:
        ValueError: the answer isn't one of an action server.
    """
    parts = (answer.get("events"), answer.get("responses")) if isinstance(answer, dict) else (None,)
    if not all(isinstance(part, list) for part in parts):
        raise ValueError("not an action server's answer")
    return True


def serve(model: str, port: int, *, api_token: str | None = None) -> None:
    """Serve a model until stopped.

    Args:
        model: path of the trained model.
        port: on 127.0.0.1.
        api_token: opens Rasa's HTTP API with this token (for measuring only).
    """
    import rasa.core.actions.action
    import rasa.core.run
    import rasa.utils.common
    from rasa.core.utils import AvailableEndpoints

    from bot.settings import ROOT

    quiet_logging()
    forget_regularly()
    rasa.core.actions.action.RemoteAction._validate_action_result = check_answer
    rasa.utils.common.update_sanic_log_level = lambda *args, **kwargs: None
    rasa.core.run.serve_application(
        model_path=model,
        interface="127.0.0.1",
        port=port,
        credentials=str(ROOT / "credentials.yml"),
        endpoints=AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml")),
        enable_api=api_token is not None,
        auth_token=api_token,
    )


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), api_token=os.environ.get("HELPLINE_BENCH_TOKEN") or None)
