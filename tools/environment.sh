# Sourced by ./perilune and ./run-tests. Expects PERILUNE_ROOT.
# The quick path costs a few builtins and one find(1); everything else is tools/environment.py.

ensure_environment() { # run | dev
  stamp="$PERILUNE_ROOT/.venv/.perilune-$1"
  if [ -f "$stamp" ]; then
    IFS= read -r installed_root <"$stamp" || installed_root=""
    if [ "$installed_root" = "$PERILUNE_ROOT" ] && [ -x "$PERILUNE_ROOT/.venv/bin/python" ] &&
      [ -z "$(cd "$PERILUNE_ROOT" && find setup.py pyproject.toml requirements.lock requirements-dev.lock \
        src/perilune/cells src/perilune/vt src/perilune/tui src/perilune/render -name '*.py' -newer "$stamp" -print -o \
        -name '*.lock' -newer "$stamp" -print -o -name pyproject.toml -newer "$stamp" -print)" ]; then
      return 0
    fi
  fi
  python=$(find_python) || {
    echo "perilune: no CPython 3.11 or newer found; install one, or name it in PERILUNE_PYTHON" >&2
    exit 1
  }
  "$python" "$PERILUNE_ROOT/tools/environment.py" "$1" || exit 1
}

find_python() {
  for candidate in "${PERILUNE_PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

install_system_packages() {
  missing=""
  while read -r program package; do
    case $program in
    '' | '#'*) ;;
    -) dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package" ;;
    *) command -v "$program" >/dev/null 2>&1 || missing="$missing $package" ;;
    esac
  done <"$PERILUNE_ROOT/tools/system-packages.txt"
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "run-tests: no apt-get here; tests that need$missing will be skipped by name" >&2
    return 0
  fi
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  # shellcheck disable=SC2086 # word lists on purpose
  { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq $missing; } >/dev/null 2>&1 ||
    echo "run-tests: could not install$missing; tests that need them will be skipped by name" >&2
}
