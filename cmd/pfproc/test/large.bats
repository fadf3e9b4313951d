#!/usr/bin/env bats
# Files so large that all workers share them: the result is that of one worker.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  # Lines that end within a phrase, and no blank line.
  awk 'BEGIN {
    srand (3)
    n = split ("alpha beta gamma delta the of new york caf\303\251 x", word, " ")
    for (i = 0; i < 1200000; i++)
      printf "%s%s", word[1 + int (rand () * n)], rand () < 0.1 ? "\n" : " "
  }' >wrapped
  tr '\n' ' ' <wrapped >one-line
  # Pairs that begin at every other line, so that half of all guesses are wrong.
  awk 'BEGIN { for (i = 0; i < 900000; i++) print "again" }' >pairs
  { printf 'alpha\0'; cat wrapped; } >binary
  { cat wrapped; printf 'a\0 last'; } >late-nul
  printf '%s\n' 'new york' 'york new' 'alpha beta gamma' 'again again' \
    'café' 'of the' delta last >terms
}

setup() {
  common_setup
  cd "$BATS_FILE_TMPDIR"
}

@test "large files: every action gives the same in every way" {
  for action in --find -c --count-terms --total -l -L -q; do
    only_ways -g terms $action one-line wrapped pairs terms
    assert_success
  done
  [ ! -s "$out" ]
  ways -g terms -c pairs wrapped
  assert_line 'pairs:450000'
}

@test "large files: overlapping, spaces and formats, the same in every way" {
  only_ways -g terms --overlapping --format=tsv wrapped
  only_ways -g terms --space=line --boundary=none wrapped
  ways -g terms --overlapping -c pairs
  assert_output 'pairs:899999'
}

@test "large files: a binary is skipped as a whole, a late NUL is text" {
  ways -g terms -c binary late-nul
  assert_success
  assert_message 'pfproc: 1 binary file skipped; first: binary'
  assert_output --regexp '^late-nul:[0-9]+$'
}

@test "large files: little memory changes nothing" {
  pf -g terms wrapped -j1
  cp "$out" "$kept/alone"
  pf -g terms wrapped -j2 --memory=1M
  same_file "$kept/alone" "$out" 'little memory'
}

@test "large files: names on standard input, large files among them" {
  printf '%s\n' terms pairs terms wrapped >names
  input=names ways -g terms -c
  assert_success
  assert_equal "${#lines[@]}" 4
}
