#!/bin/sh
# usage: docker-engine.sh COMMAND [ARG…]
# Runs COMMAND with DOCKER_HOST naming a Docker Engine that is there for this command alone: Debian's packages docker.io
# and containerd, fetched and unpacked but not installed. Needs root and runc. Nothing is left; status: COMMAND's.
set -eu
[ $# -gt 0 ] || { echo "usage: $0 COMMAND [ARG...]" >&2; exit 2; }
dir=$(mktemp -d /tmp/pp-docker-XXXXXX)
engine=
finish() {
  [ -z "$engine" ] || { kill "$engine" 2>/dev/null; wait "$engine" 2>/dev/null; } || :
  rm -rf "$dir" 2>/dev/null || { sleep 1; rm -rf "$dir"; }
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

chmod 755 "$dir"
(cd "$dir" && apt-get download -qq docker.io containerd >/dev/null 2>&1 && for deb in *.deb; do dpkg -x "$deb" .; done)
PATH=$dir/usr/bin:$dir/usr/sbin:$PATH
# The group lets tests be an ordinary user too.
# No bridge and no packet filter: containers here get no network at all. Ulimits that a small machine can give.
dockerd --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid" -H "unix://$dir/docker.sock" \
  --group nogroup --iptables=false --ip-masq=false --ip-forward=false --bridge=none \
  --default-ulimit nofile=1024:1024 --default-ulimit nproc=1024:1024 >"$dir/log" 2>&1 &
engine=$!
export PATH DOCKER_HOST="unix://$dir/docker.sock"
tries=0
until docker version >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] && kill -0 "$engine" 2>/dev/null || { tail -5 "$dir/log" >&2; exit 1; }
  sleep 0.5
done
"$@"
