#!/bin/sh
# Put uv into the project (.tools), with any Python 3 that is there. Nothing outside is changed.
set -u
uv=.tools/bin/uv
[ -x "$uv" ] && exit 0
mkdir -p .tools/bin
if command -v uv >/dev/null 2>&1; then
  ln -sf "$(command -v uv)" "$uv" && exit 0
fi
if python3 -m venv .tools/venv >/dev/null 2>&1 \
  && .tools/venv/bin/pip install --quiet --disable-pip-version-check "uv" 2>.tools/pip.log; then
  ln -sf ../venv/bin/uv "$uv" && exit 0
fi
if python3 -m pip --version >/dev/null 2>&1 \
  && python3 -m pip install --quiet --target .tools/site "uv" 2>>.tools/pip.log; then
  ln -sf ../site/bin/uv "$uv" && exit 0
fi
echo "uv can't be installed: this machine needs Python 3 with venv or pip, and a way to PyPI."
echo "On Debian or Ubuntu: apt install python3-venv. What pip said stands in .tools/pip.log."
exit 2
