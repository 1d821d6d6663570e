# What the scripts of this folder have in common: versions, and where tools are. Sourced, never run.
#
# Everything is installed beside what the machine has: Debian's compiler is called by its path, and the rest
# lives in one folder that can be deleted. PACKAGING_TOOLS=/path says which; several checkouts may share it.
# shellcheck shell=bash

readonly ZIG=0.17.1 ZIGBUILD=0.24.1
readonly CARGO_DEB=3.8.0 CARGO_RPM=0.21.1 CARGO_SBOM=0.5.9
readonly TARGETS=(x86_64-unknown-linux-musl aarch64-unknown-linux-musl
    armv7-unknown-linux-musleabihf arm-unknown-linux-musleabihf)

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${PACKAGING_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/parlour-tools}
built=$top/target/static

# Another rustup toolchain, if there is one, neither is asked nor hears of this.
unset RUSTUP_TOOLCHAIN RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR
export PATH=/usr/bin:$PATH CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}

# What says when it was built says the commit's time: the same commit gives the same bytes.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$top" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# Debian packages: those that are missing are installed by root, and named to anybody else.
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

need_compiler() { need_debian rustc-web cargo-web rust-web-src python3-venv; }

# zig is linker and C compiler, with the musl of every target inside.
need_zig() {
    if ! "$tools/venv/bin/pip" freeze 2>/dev/null | grep -qx "ziglang==$ZIG"; then
        python3 -m venv "$tools/venv"
        "$tools/venv/bin/pip" install -q "ziglang==$ZIG" "cargo-zigbuild==$ZIGBUILD"
    fi
    CARGO_ZIGBUILD_ZIG_PATH=$(echo "$tools"/venv/lib/python3*/site-packages/ziglang/zig)
    export CARGO_ZIGBUILD_ZIG_PATH
}

# A command of cargo, at one version.
need_cargo() {
    local name=$1 version=$2
    grep -qs "\"$name $version " "$tools/.crates.toml" && return
    nice cargo install -q --locked --root "$tools" "$name@$version"
}
