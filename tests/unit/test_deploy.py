"""What deploy/ promises: nothing on disk, nobody logged, no more rights than needed."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from bot.supervisor import redis_command

DEPLOY = ROOT / "deploy"
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
KNOWN = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.M))


def resources() -> list[dict[str, Any]]:
    found = []
    for path in sorted((DEPLOY / "kubernetes").glob("*.yml*")):
        found += list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    return found


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8")))


def options(words: list[str]) -> dict[str, str]:
    return {a: b for a, b in pairwise(words) if a.startswith("--")}


def redis_commands() -> list[list[str]]:
    pods = [
        r for r in resources() if r["kind"] == "Deployment" and r["metadata"]["name"] == "redis"
    ]
    return [
        compose()["services"]["redis"]["command"],
        pods[0]["spec"]["template"]["spec"]["containers"][0]["args"],
    ]


@pytest.mark.parametrize("words", redis_commands(), ids=["compose", "kubernetes"])
def test_every_redis_is_as_careful_as_our_own(words: list[str]) -> None:
    own = options(redis_command(Path("/x")))
    given = options(words)
    for name in ("--save", "--appendonly", "--maxmemory-policy", "--slowlog-log-slower-than"):
        assert given[name] == own[name]
    assert given["--crash-log-enabled"] == "no"
    assert "--requirepass" in given


def test_containers_are_locked() -> None:
    services = compose()["services"]
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["ulimits"] == {"core": 0}
        assert service["memswap_limit"] == service["mem_limit"]
        assert "privileged" not in service
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert set(services["redis"]["networks"]) == {"back"}
    assert compose()["networks"]["back"] == {"internal": True}


def test_pods_are_locked() -> None:
    pods = [r for r in resources() if r["kind"] == "Deployment"]
    assert len(pods) == 2
    for pod in pods:
        spec = pod["spec"]["template"]["spec"]
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"]
            assert "readinessProbe" in container


def test_only_the_gateway_faces_the_outside() -> None:
    policies = {
        r["metadata"]["name"]: r["spec"] for r in resources() if r["kind"] == "NetworkPolicy"
    }
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    (from_outside,) = policies["helpline"]["ingress"]
    assert from_outside["ports"] == [{"port": 8080, "protocol": "TCP"}]
    assert policies["redis"]["ingress"] == [
        {
            "from": [{"podSelector": {"matchLabels": {"app": "helpline"}}}],
            "ports": [{"port": 6379, "protocol": "TCP"}],
        }
    ]
    assert "egress" not in policies["redis"]
    (ingress,) = [r for r in resources() if r["kind"] == "Ingress"]
    logs = ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/enable-access-log"]
    assert logs == "false"


def test_names_fit_together_and_variables_exist() -> None:
    found = resources()
    deployments = {r["metadata"]["name"] for r in found if r["kind"] == "Deployment"}
    for kind in ("Service", "PodDisruptionBudget"):
        for one in (r for r in found if r["kind"] == kind):
            selector = one["spec"]["selector"]
            assert selector.get("matchLabels", selector)["app"] in deployments
    (scaler,) = [r for r in found if r["kind"] == "HorizontalPodAutoscaler"]
    assert scaler["spec"]["scaleTargetRef"]["name"] in deployments
    given = {
        name
        for r in found
        if r["metadata"]["name"] == "helpline"
        for name in {**r.get("data", {}), **r.get("stringData", {})}
    }
    assert given
    assert given <= KNOWN
    own = {"REDIS_PASSWORD", "HELPLINE_ADDRESS", "HELPLINE_UPSTREAM"}
    assert set(compose()["services"]["helpline"]["environment"]) <= KNOWN | own


def test_no_secret_lies_in_the_files() -> None:
    for secret in (r for r in resources() if r["kind"] == "Secret"):
        for value in secret["stringData"].values():
            assert value in {"", "redis://:REDIS_PASSWORD@redis:6379/0"}


def test_the_image() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    stages = text.split("\nFROM ")[1:]
    assert len(stages) == 2
    assert "USER 10001:10001" in stages[1]
    assert all("--frozen" in line for line in text.splitlines() if "uv sync" in line)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for line in stages[0].splitlines():
        if line.startswith("COPY "):
            for name in line.split()[1:-1]:
                assert f"!{name}" in ignored
                assert (ROOT / name).exists(), name
    assert "*" in ignored
    assert not {"!.env", "!.state", "!.git"} & set(ignored)


def test_proxies_keep_no_log_and_say_https_only() -> None:
    nginx = (DEPLOY / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    assert nginx.count("server {") == nginx.count("access_log off;")
    assert nginx.count("{") == nginx.count("}")
    assert "$proxy_add_x_forwarded_for;" not in nginx
    caddy = (DEPLOY / "proxy" / "Caddyfile").read_text(encoding="utf-8")
    for text in (nginx, caddy):
        assert "max-age=63072000" in text
    assert "request delete" in caddy


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_service_is_hardened() -> None:
    unit = DEPLOY / "systemd" / "helpline.service"
    run = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            "--no-pager",
            "--threshold=20",
            str(unit),
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stdout[-300:]
    text = unit.read_text(encoding="utf-8")
    for line in ("LimitCORE=0", "MemorySwapMax=0", "RestartPreventExitStatus=2"):
        assert line in text.splitlines()
