# Shared by the scripts beside it; sourced from the project's root.

fail() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# may_be_root: whether this is root, or sudo can be asked without a password being typed blindly.
may_be_root() {
    [ "$(id -u)" = 0 ] && return
    command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# apt_install PACKAGE...: answers 1 where apt is missing, may not be used, or cannot find the package.
apt_install() {
    command -v apt-get >/dev/null 2>&1 && may_be_root || return 1
    echo "Installing from the system's packages: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null || return 1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
        >/dev/null </dev/null
}

# once NAME FILE... : true when NAME was already done for these very files. Its mark lives in .venv.
once() {
    mark=".venv/.done-$1"
    shift
    [ -f "$mark" ] && [ "$(cat "$mark")" = "$(cat "$@" | cksum)" ]
}

# done_for NAME FILE... : remembers it.
done_for() {
    mark=".venv/.done-$1"
    shift
    cat "$@" | cksum > "$mark"
}
