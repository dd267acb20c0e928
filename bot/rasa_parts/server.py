"""The Rasa server: our channel on loopback, without Rasa's HTTP API, and silent."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from bot.privacy.silence import harden_process, quiet_logging

harden_process()


def serve(model: str, port: int, *, api_token: str | None = None) -> None:
    """Serve a model until stopped.

    Args:
        model: path of the trained model.
        port: on 127.0.0.1.
        api_token: opens Rasa's HTTP API with this token (for measuring only).
    """
    import rasa.core.run
    import rasa.utils.common
    from rasa.core.utils import AvailableEndpoints

    from bot.settings import ROOT

    quiet_logging()
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
