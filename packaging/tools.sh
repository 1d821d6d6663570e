# What the scripts in this folder share: versions, and where the tools are. Sourced, never run.
#
# Nothing on the machine is changed: Debian's compiler is called by its path, and the other tools live in one
# folder that can be deleted. PACKAGING_TOOLS=/path chooses it; several checkouts may share one.
# shellcheck shell=bash

readonly ZIG=0.17.1 ZIGBUILD=0.24.1
readonly CARGO_DEB=3.8.0 CARGO_RPM=0.21.1 CARGO_SBOM=0.5.9
readonly TARGETS=(x86_64-unknown-linux-musl aarch64-unknown-linux-musl
    armv7-unknown-linux-musleabihf arm-unknown-linux-musleabihf)

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${PACKAGING_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/parlour-tools}
built=$top/target/static

# A path of the caller's target directory would be one more place to look for what was built.
unset CARGO_TARGET_DIR
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}

# Files carry the time of the commit instead of the build: the same commit gives the same bytes. Sources without
# git, such as an unpacked archive, have the time of their change log.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$top" log -1 --format=%ct 2>/dev/null || stat -c %Y "$top/CHANGELOG.md")}
export SOURCE_DATE_EPOCH

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# Debian packages: root installs the missing ones, anybody else is told what to type.
need_debian() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    [ "$(id -u)" -eq 0 ] || fail "type: sudo apt install ${missing[*]}"
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# From here on Debian's compiler is used: a toolchain of rustup is neither used nor changed.
need_compiler() {
    need_debian rustc-web cargo-web rust-web-src python3-venv
    unset RUSTUP_TOOLCHAIN RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
    export PATH=/usr/bin:$PATH CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc
}

# zig is linker and C compiler, with the musl of every target inside.
need_zig() {
    if ! "$tools/venv/bin/pip" freeze 2>/dev/null | grep -qx "ziglang==$ZIG"; then
        python3 -m venv "$tools/venv"
        "$tools/venv/bin/pip" install -q "ziglang==$ZIG" "cargo-zigbuild==$ZIGBUILD"
    fi
    CARGO_ZIGBUILD_ZIG_PATH=$(echo "$tools"/venv/lib/python3*/site-packages/ziglang/zig)
    export CARGO_ZIGBUILD_ZIG_PATH
}

# A cargo command, at one version.
need_cargo() {
    local name=$1 version=$2
    grep -qs "\"$name $version " "$tools/.crates.toml" && return
    nice cargo install -q --locked --root "$tools" "$name@$version"
}

version() { sed -n 's/^version = "\(.*\)"/\1/p' "$top/Cargo.toml" | head -1; }

# Debian's form of the change log, for one version without its revision; CHANGELOG.md has the changes.
changelog() {
    local maintainer
    maintainer=$(sed -n 's/^maintainer = "\(.*\)"/\1/p' "$top/Cargo.toml")
    printf 'parlour (%s-1) stable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- %s  %s\n' \
        "$1" "$maintainer" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
}
