#!/bin/sh
# The tests drive a real Chromium; get Debian's when there is none.
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null \
    && exit 0
fi
echo "The browser tests need Chromium: install it (apt install chromium) and try again."
exit 2
