# The layers of the library, and that breaking them is noticed.

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  bats_load_library bats-file
  check=$PF_SRCDIR/scripts/check-includes

  # A small tree that keeps the rules.
  tree=$BATS_TEST_TMPDIR/tree
  mkdir -p "$tree/lib/base" "$tree/lib/text" "$tree/lib/match" "$tree/lib/sink" \
    "$tree/cmd/pfproc"
  echo '#include "base/span.h"' >"$tree/lib/text/word.c"
  echo '#include <sys/stat.h>' >"$tree/lib/base/span.c"
  echo '#include "text/word.h"' >"$tree/lib/match/match.h"
  echo '#include "sink/sink.h"' >"$tree/lib/run.c"
  printf '#include "%s"\n' pfproc.h base/types.h cli.h config.h \
    >"$tree/cmd/pfproc/main.c"
}

# planted PATH LINE...: puts the lines there and runs the check.
planted() {
  local path=$1
  shift
  printf '%s\n' "$@" >"$tree/$path"
  run "$check" "$tree"
}

@test "this tree keeps the rules" {
  run "$check" "$PF_SRCDIR"
  assert_success
  refute_output
}

@test "a small good tree passes" {
  run "$check" "$tree"
  assert_success
  refute_output
}

@test "no sources at all is a failure, not a success" {
  mkdir -p "$tree/none/lib" "$tree/none/cmd"
  run "$check" "$tree/none"
  assert_failure
}

@test "an include against the direction is named with file and line" {
  planted lib/base/error.c '#include <glib.h>' '#include "text/word.h"'
  assert_failure 1
  assert_output 'lib/base/error.c:2: lib/base must not include lib/text'
}

@test "an include between folders of one layer is found" {
  planted lib/sink/text.c '# include "match/match.h"'
  assert_failure 1
  assert_output 'lib/sink/text.c:1: lib/sink must not include lib/match'
}

@test "angle brackets and ../ hide nothing" {
  planted lib/base/error.c '#include <text/word.h>' '#include "../text/word.h"'
  assert_failure 1
  assert_line 'lib/base/error.c:1: lib/base must not include lib/text'
  assert_line --partial 'lib/base/error.c:2: lib/base must not include ../text'
}

@test "only the top of lib/ and cmd/ see the public header" {
  planted lib/text/word.c '#include "pfproc.h"'
  assert_failure 1
  assert_output 'lib/text/word.c:1: lib/text must not include lib/pfproc.h'
}

@test "cmd/ sees nothing behind the public header" {
  planted cmd/pfproc/cli.c '#include "match/match.h"' '#include "base/span.h"'
  assert_failure 1
  assert_line 'cmd/pfproc/cli.c:1: cmd/pfproc must not include lib/match/match.h'
  assert_line 'cmd/pfproc/cli.c:2: cmd/pfproc must not include lib/base/span.h'
}

@test "a folder without a rule is found" {
  mkdir "$tree/lib/misc"
  planted lib/misc/misc.c 'int x;'
  assert_failure 1
  assert_output --partial 'lib/misc has no rule'
}

@test "tests, and tools with a main of their own, include what they like" {
  planted lib/base/span_test.c '#include "match/match.h"'
  assert_success
  planted lib/base/tool.c '#include "match/match.h"' 'int' 'main (void)' \
    '{ printf ("x"); exit (1); }'
  assert_success
}

@test "a library that prints or ends the process is found" {
  local code
  for code in 'printf ("x");' 'fprintf(stderr, "x");' 'fputs ("x", stdout);' \
    'g_print ("x");' 'g_printerr ("x");' 'perror ("x");' 'exit (1);' \
    '_exit(1);' 'abort ();' 'g_error ("x");' 'x (a); exit (1);'; do
    planted lib/text/word.c "$code"
    assert_failure 1
    assert_output --partial 'lib/text/word.c:1: lib must not use'
  done
}

@test "what only looks like printing is let through" {
  planted lib/text/word.c 'snprintf (b, 9, "x");' '/* exit (1) and' \
    ' * printf ("x") */' 'x = "abort (";' '// perror ("x");' \
    "c = '\"'; pf_exit (1); g_error_new (q);" 'on_exit_do (f);' \
    'g_string_append_printf (s, "x");' 'self->exit (1);'
  assert_success
  refute_output
}
