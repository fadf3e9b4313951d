#!/usr/bin/env bats
# What the installed headers declare is what the shared library gives out.

setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
}

# The functions of the headers, but for those that are defined there.
declared() {
  cat "$PF_SRCDIR/lib/pfproc.h" "$PF_SRCDIR/lib/base/types.h" | awk '
    /^static inline/ { is_inline = 1 }
    /^}/ { is_inline = 0 }
    !is_inline && /^[a-zA-Z].*[ *]pf_[a-z0-9_]+ \(/ {
      sub(/ \(.*/, ""); sub(/.*[ *]/, ""); print
    }' | LC_ALL=C sort
}

@test "each function of the installed headers is exported, and no other" {
  cd "$BATS_TEST_TMPDIR"
  declared >declared
  [ "$(wc -l <declared)" -gt 30 ]
  LC_ALL=C sort "$PF_SRCDIR/lib/pfproc.sym" | diff declared -
}
