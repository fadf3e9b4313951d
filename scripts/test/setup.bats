# What scripts/setup does on machines that lack something. The machine is a
# folder that is the whole PATH: what setup uses and looks for, less what a test
# takes away, with stand-ins for programs that would change the real one.

bats_require_minimum_version 1.5.0

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  bats_load_library bats-file
  setup=$PF_SRCDIR/scripts/setup
  machine=$BATS_TEST_TMPDIR/bin
  calls=$BATS_TEST_TMPDIR/calls
  mkdir "$machine"

  local name path
  for name in awk cat env mktemp rm sh true \
    autoconf automake bats bzip2 cc clang clang-format codespell gcc git \
    glibtoolize gzip lz4 zstd \
    gnuplot jq libtoolize make patch perl pkg-config prlimit ps python3 setfacl \
    setfattr setpriv strace tar xz zip; do
    path=$(type -P "$name") || continue
    ln -s "$path" "$machine/$name"
  done
  stand_in id 'echo 0'
  stand_in apt-get "echo \"\$DEBIAN_FRONTEND \$*\" >>'$calls'"
  stand_in sudo 'exit 1'
}

stand_in() {
  rm -f "$machine/$1"
  printf '#!/bin/sh\n%s\n' "$2" >"$machine/$1"
  chmod +x "$machine/$1"
}

lacks() {
  local name
  for name; do
    rm -f "$machine/$name"
  done
}

# Runs it with no terminal and no input; output is standard output, stderr is
# standard error.
set_up() {
  run --separate-stderr env PATH="$machine" "$setup" "$@" </dev/null
}

@test "nothing missing: silent, and apt-get is not called" {
  set_up build
  assert_success
  refute_output
  assert_equal "$stderr" ''
  set_up test
  assert_success
  refute_output
  assert_equal "$stderr" ''
  assert_not_exists "$calls"
}

@test "build is the default" {
  lacks automake bats
  set_up
  assert_success
  assert_equal "$stderr" 'setup: installing automake'
}

@test "something missing: one line, and the right calls of apt-get" {
  lacks automake libtoolize glibtoolize
  set_up build
  assert_success
  refute_output
  assert_equal "$stderr" 'setup: installing automake libtool'
  run cat "$calls"
  assert_line --index 0 --regexp '^noninteractive -y .*update$'
  assert_line --index 1 --regexp \
    '^noninteractive -y .*install .*--no-install-recommends .* automake libtool$'
  assert_equal "${#lines[@]}" 2
}

@test "a missing library is installed, too" {
  stand_in pkg-config '[ "$2" != libuv ]'
  set_up build
  assert_success
  assert_equal "$stderr" 'setup: installing libuv1-dev'
}

@test "a purpose installs what the smaller ones need, and no more" {
  lacks automake bats clang-format
  set_up build
  assert_equal "$stderr" 'setup: installing automake'
  set_up test
  assert_equal "$stderr" 'setup: installing automake bats'
  set_up dev
  assert_regex "$stderr" '^setup: installing automake bats .*clang-format'
}

@test "an ordinary user goes through sudo, which must not ask" {
  stand_in id 'echo 1000'
  stand_in sudo "echo \"sudo \$*\" >>'$calls'; shift; exec \"\$@\""
  lacks automake
  set_up build
  assert_success
  assert_equal "$stderr" 'setup: installing automake'
  run grep '^sudo' "$calls"
  assert_line --index 0 'sudo -n true'
  assert_line --index 2 --regexp '^sudo -n env DEBIAN_FRONTEND.* apt-get .*automake$'
}

@test "neither root nor sudo: says what to install" {
  stand_in id 'echo 1000'
  lacks automake sudo
  set_up build
  assert_failure 69
  assert_equal "$stderr" 'setup: this needs root: apt-get install automake'
  assert_not_exists "$calls"
}

@test "apt-get fails: its output is shown" {
  stand_in apt-get 'echo "E: no such luck"; exit 100'
  lacks automake
  set_up build
  assert_failure 69
  refute_output
  assert_regex "$stderr" 'E: no such luck'
  assert_regex "$stderr" 'setup: apt-get could not install automake$'
}

@test "only the update fails: the installation goes on" {
  stand_in apt-get 'case "$*" in *update) exit 100 ;; esac'
  lacks automake
  set_up build
  assert_success
}

@test "no apt-get: names the packages for dnf, pacman, apk and brew" {
  lacks apt-get automake
  stand_in pkg-config '[ "$2" != libuv ]'
  set_up build
  assert_failure 69
  refute_output
  assert_regex "$stderr" '^setup: not found: automake libuv'
  assert_regex "$stderr" $'\n  dnf install automake libuv-devel\n'
  assert_regex "$stderr" $'\n  pacman -S automake libuv\n'
  assert_regex "$stderr" $'\n  apk add automake libuv-dev\n'
  assert_regex "$stderr" $'\n  brew install automake libuv$'
}

@test "no apt-get, but all there: silent" {
  lacks apt-get
  set_up test
  assert_success
  refute_output
  assert_equal "$stderr" ''
}

@test "an unknown purpose is a usage error" {
  set_up everything
  assert_failure 64
  set_up build test
  assert_failure 64
}
