#!/bin/sh
# The tests drive a real Chromium, and a few of them Firefox; get Debian's when there is none.
get() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
    && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
}
command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 || get firefox-esr \
  || echo "No Firefox (apt install firefox-esr): its tests are skipped."
command -v chromium >/dev/null 2>&1 || get chromium && exit 0
echo "The browser tests need Chromium: install it (apt install chromium) and try again."
exit 2
