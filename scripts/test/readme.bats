#!/usr/bin/env bats
# Runs each example of the README and holds what it prints against what stands
# there.

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  cd "$BATS_TEST_TMPDIR"
  cp -r "$PF_SRCDIR/testdata" .
  mkdir scripts
  ln -s "$PFPROC" scripts/pfproc
}

# Splits the console blocks of the README: N.command and N.expected.
split_examples() {
  awk '
    /^```console$/ { n++; next }
    /^```$/ { open = ""; next }
    sub(/^\$ /, "") { print > (n ".command"); open = n ".expected"; printf "" > open; next }
    open != "" { print > open }
  ' "$PF_SRCDIR/README.md"
}

@test "the README has at least six examples" {
  split_examples
  [ "$(ls ./*.command | wc -l)" -ge 6 ]
}

@test "each example prints what the README says" {
  split_examples
  for command in *.command; do
    bash "$command" >seen 2>&1 </dev/null || true
    diff -u "${command%.command}.expected" seen
  done
}

@test "each exit code of the README stands in --help" {
  help=$("$PFPROC" --help)
  for code in $(sed -n 's/^| \([0-9][0-9]*\) |.*/\1/p' "$PF_SRCDIR/README.md"); do
    grep -qw "$code" <<<"$help"
  done
}

@test "each option of --help stands in the README, by one of its names" {
  "$PFPROC" --help | sed -nE 's/^  +((-[A-Za-z0-9])?(, )?(--[a-z-]+)?).*/\1/p' |
    grep -vE '^(-h|-V),' >options
  [ "$(wc -l <options)" -ge 70 ]
  while IFS=', ' read -r one other; do
    grep -qE "[^A-Za-z-]$one([^a-z-]|$)" "$PF_SRCDIR/README.md" ||
      { [ -n "$other" ] &&
        grep -qE "[^A-Za-z-]$other([^a-z-]|$)" "$PF_SRCDIR/README.md"; } ||
      fail "$one $other"
  done <options
}
