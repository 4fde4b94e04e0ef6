#!/usr/bin/env bash
# What changed since the last tag but the one that stands here, by kind, from the subjects of the commits.
set -euo pipefail
last=$(git describe --tags --abbrev=0 --match 'v*' HEAD^ 2>/dev/null || true)
kind() {
  local lines
  lines=$(git log --no-merges --format=%s ${last:+"$last..HEAD"} | sed -nE "s/^$2(\(([^)]*)\))?!?: /- \2: /p" | sed 's/^- : /- /')
  [ -z "$lines" ] || printf '## %s\n\n%s\n\n' "$1" "$lines"
}
kind 'New' feat
kind 'Mended' fix
kind 'Faster' perf
