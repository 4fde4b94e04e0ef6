#!/usr/bin/env bash
# conventional-commits.sh RANGE: each subject is `type(scope): what`; the changelog is made of them.
set -euo pipefail
types='feat|fix|perf|refactor|test|docs|bench|build|ci|style|chore|revert'
subjects=$(git log --no-merges --format=%s "$1")
wrong=$(grep -Ev "^($types)(\([a-z0-9,-]+\))?!?: .+" <<<"$subjects" || true)
[ -z "$wrong" ] && exit
printf 'expected "type(scope): what changed", the type one of %s; found:\n%s\n' "$types" "$wrong" >&2
exit 1
