#!/usr/bin/env bats
# Holds the built-in glossary to its promises.

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  cd "$BATS_TEST_TMPDIR"
  export LC_ALL=C
  list=$PF_SRCDIR/lib/glossary/misspellings.tsv
  grep -v '^#' "$list" | cut -f1 | sort -u >wrong
  words=/usr/share/dict/american-english-insane
  british=/usr/share/dict/british-english-insane
}

@test "there are at least 2,000 misspellings" {
  [ "$(wc -l <wrong)" -ge 2000 ]
}

@test "each line is two columns, in lower case on the left, sorted and once" {
  grep -v '^#' "$list" >entries
  run grep -vP '^[a-z][a-z'\'' -]*\t[^\t]+$' entries
  assert_output ''
  sort -u -c entries
}

@test "no wrong form is a word" {
  cat "$words" "$british" | tr 'A-Z' 'a-z' | sort -u >right
  run comm -12 wrong right
  assert_output ''
}

@test "each correction is made of words" {
  cat "$words" "$british" | tr 'A-Z' 'a-z' | sort -u >right
  grep -v '^#' "$list" | cut -f2 | tr 'A-Z -' 'a-z\n\n' | sort -u >used
  run comm -23 used right
  assert_output ''
}

# Identifiers of C headers: what stands outside comments and strings.
@test "no wrong form is an identifier of the system's headers" {
  find /usr/include -name '*.h' -type f -exec cat {} + |
    perl -0777 -pe 's{/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"}{ }gs' |
    tr 'A-Z' 'a-z' | grep -oaE '[a-z_][a-z0-9_]*' | sort -u >identifiers
  [ "$(wc -l <identifiers)" -gt 1000 ]
  run comm -12 wrong identifiers
  assert_output ''
}

@test "the program has them all, and the dump reads back" {
  run "$PFGLOSSARY" info @misspellings
  assert_line --regexp "entries +$(grep -vc '^#' "$list")\$"
  "$PFGLOSSARY" dump @misspellings | cut -f1,2 >dumped
  grep -v '^#' "$list" | diff - dumped
}
