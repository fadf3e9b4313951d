# The result is a pure function of glossary, options and files: the same bytes on
# standard output and on standard error, in the same order among each other, and
# the same exit status, in every mode, with every schedule and number of threads.

load helper

# Some hundred files of all kinds, good and bad, once for the whole file.
setup_file() {
  cd "$BATS_FILE_TMPDIR"
  mkdir tree
  awk 'BEGIN {
    srand (7)
    n = split ("alpha beta gamma Delta ALPHA the of x\342\204\252y " \
      "caf\303\251 e\314\201t\303\251 bad\377byte dash-ed under_score 50% " \
      "new line a.b.c", word, " ")
    for (f = 0; f < 240; f++) {
      name = sprintf ("tree/f%03d", f)
      printf "" > name
      for (i = int (rand () * rand () * 400); i > 0; i--)
        printf "%s%s", word[1 + int (rand () * n)], \
          rand () < 0.2 ? "\n" : rand () < 0.05 ? "\r\n  " : " " >> name
      close (name)
    }
  }'
  # Larger than what is read, handed on or kept in one piece.
  awk 'BEGIN { for (i = 0; i < 15000; i++) print "alpha line " i, "beta" }' \
    >tree/f017
  awk 'BEGIN { for (i = 0; i < 40000; i++) printf "no match in here " }' \
    >tree/f101
  cp tree/f017 tree/f239
  # What cannot be read, or is no text.
  rm tree/f000 tree/f050 tree/f051 tree/f130
  mkdir tree/f050 tree/f130
  chmod 0 tree/f033 tree/f200
  printf 'alpha\0beta\n' >tree/f066
  printf '\0\0\0alpha beta\n' >tree/f067
  { head -c 8192 /dev/zero | tr '\0' ' '; printf 'alpha\0'; } >tree/f068
  : >tree/f070
  printf '\xef\xbb\xbfalpha' >tree/f071
  printf '\xff\xfea\0l\0p\0h\0a\0\n\0\x00\xd8b\0e\0t\0a\0' >tree/f072
  printf '\xfe\xff\0a\0l\0p\0h\0a\0' >tree/f073
  printf '\xff\xfea\0\0\0' >tree/f074
  ln -s f088 tree/f088x
  ln -s nowhere tree/f089x
  lines_of_names >list
  printf '%s\n' alpha beta 'alpha beta' 'new line' xKy café a.b b.c 50% \
    under_score byte été dash >terms.txt
  printf 'Alpha\tthe first\tgreek\nalpha\tA\tgreek\tcase=ignore\n' >values.tsv
  printf 'line\t\t\tboundary=none\n' >>values.tsv
}

lines_of_names() {
  seq -f tree/f%03g 0 239
  printf '%s\n' tree/f088x tree/f089x '' tree/f001 tree/f001/x missing
}

setup() {
  common_setup
  cd "$BATS_FILE_TMPDIR"
}

jobs='1 2 3 8 64'
[ -z "${PF_SANITIZER-}" ] || jobs='1 3 16'

# every_schedule ARGUMENT...: all ways to run it, each compared with the first.
every_schedule() {
  local how n seen=
  for how in --mode=fork-join '--mode=fork-join --schedule=static' \
    --mode=pipeline '--mode=pipeline --readers=1' \
    '--mode=fork-join --memory=1' '--mode=pipeline --memory=1'; do
    for n in $jobs; do
      # shellcheck disable=SC2086
      only_runs "${unprivileged[@]}" "$PFPROC" "$@" $how -j$n -T list
      "${unprivileged[@]}" "$PFPROC" "$@" $how -j$n -T list >"$kept/both" \
        2>&1 </dev/null || true
      if [ -z "$seen" ]; then
        seen="exit $status"
        for part in out err both; do cp "$kept/$part" "$kept/first.$part"; done
        continue
      fi
      assert_equal "$how -j$n: exit $status" "$how -j$n: $seen"
      for part in out err both; do
        same_file "$kept/first.$part" "$kept/$part" "$how -j$n $*: $part"
      done
    done
  done
  load_outputs
}

# What the bad ones of the list come to, in order.
failures='pfproc: tree/f000: No such file or directory
pfproc: tree/f033: Permission denied
pfproc: tree/f050: Is a directory
pfproc: tree/f051: No such file or directory
pfproc: tree/f130: Is a directory
pfproc: tree/f200: Permission denied
pfproc: tree/f089x: No such file or directory
pfproc: : empty file name
pfproc: tree/f001/x: Not a directory
pfproc: missing: No such file or directory'
failed='pfproc: 10 of 246 files failed; first: tree/f000: No such file or directory'
skipped='pfproc: 2 binary files skipped; first: tree/f066'

assert_all_failures() {
  assert_failure 66
  assert_equal "$stderr" "$failures"$'\n'"$skipped"$'\n'"$failed"
}

@test "find" {
  every_schedule -g terms.txt
  assert_all_failures
  [ "${#lines[@]}" -gt 50000 ]
}

@test "find, tsv, several glossaries, overlapping, without case" {
  every_schedule -g values.tsv,label=v -g terms.txt -i --overlapping --format=tsv
  assert_all_failures
}

@test "count" {
  every_schedule -g terms.txt -c
  assert_all_failures
  assert_line 'tree/f071:1'
  assert_line 'tree/f072:2'
  refute_line --partial 'tree/f101'
}

@test "count-terms" {
  every_schedule -g terms.txt -g values.tsv --count-terms
  assert_all_failures
}

@test "total" {
  every_schedule -g terms.txt --total
  assert_all_failures
  assert_line --index 0 --regexp $'^beta\t[0-9]+\t[0-9]+$'
}

@test "files with matches" {
  every_schedule -e Delta -l
  assert_all_failures
}

@test "files without match" {
  every_schedule -e Delta -L
  assert_all_failures
  assert_line tree/f070
  refute_line tree/f066
  refute_line tree/f033
}

@test "check and expect" {
  every_schedule -e Delta -c --check
  assert_all_failures
  every_schedule -e nowhere --expect --total
  assert_all_failures
}

@test "no text is an error" {
  every_schedule -g terms.txt -c --binary=error
  assert_failure 66
  assert_message 'pfproc: tree/f066: binary file'
}

@test "bytes as they are" {
  every_schedule -g terms.txt -c -a
  assert_failure 66
  assert_line 'tree/f066:2'
}

@test "quiet: the first event in input order decides, and ends it" {
  every_schedule -e alpha -q
  assert_failure 66
  assert_equal "$stderr" 'pfproc: tree/f000: No such file or directory
pfproc: 1 of 1 files failed; first: tree/f000: No such file or directory'
}

@test "the order of the list is the order of the output" {
  cp list "$kept/list"
  only_runs "${unprivileged[@]}" "$PFPROC" -g terms.txt -c -j8 -T list
  cut -d: -f1 "$out" >"$kept/names"
  # As a subsequence of the list, and nothing else.
  awk 'NR == FNR { name[n++] = $0; next }
    { while (i < n && name[i] != $0) i++; if (i++ >= n) exit 1 }' \
    list "$kept/names"
}

@test "names in arguments, in a file, and on standard input are the same" {
  mapfile -t names <list
  only_runs "${unprivileged[@]}" "$PFPROC" -g terms.txt "${names[@]}"
  cp "$out" "$kept/first.out"
  cp "$err" "$kept/first.err"
  for mode in auto fork-join pipeline; do
    only_runs "${unprivileged[@]}" "$PFPROC" -g terms.txt --mode=$mode <list
    same_file "$kept/first.out" "$out" "standard input, $mode"
    same_file "$kept/first.err" "$err" "standard input, $mode"
    only_runs bash -c 'cat list | "$@"' - "${unprivileged[@]}" "$PFPROC" \
      -g terms.txt --mode=$mode
    same_file "$kept/first.out" "$out" "pipe, $mode"
    same_file "$kept/first.err" "$err" "pipe, $mode"
    only_runs "${unprivileged[@]}" "$PFPROC" -0 -T <(tr '\n' '\0' <list) \
      -g terms.txt --mode=$mode
    same_file "$kept/first.out" "$out" "-0, $mode"
    same_file "$kept/first.err" "$err" "-0, $mode"
  done
}

# Reading from memory, the first 500 files or so are read ahead, and then none;
# where every read is waited for, all are, by who is there for it.
@test "files that are read ahead and files that are not" {
  local how n slow=
  for n in 1 2 3 4 5; do cat list; done >"$kept/long"
  only_runs "${unprivileged[@]}" "$PFPROC" -g terms.txt -c --mode=fork-join \
    -T "$kept/long"
  cp "$out" "$kept/first.out"
  cp "$err" "$kept/first.err"
  # A sanitizer must come before what is preloaded.
  [ -n "${PF_SANITIZER-}" ] || slow=LD_PRELOAD=$PF_BUILDDIR/lib/bench/slow_read.so
  for how in '--readers=1 -j1' '-j2' '-j8' "--readers=16 -j2 $slow"; do
    # shellcheck disable=SC2086
    only_runs "${unprivileged[@]}" env ${how#*-j[0-9]} "$PFPROC" -g terms.txt \
      -c --mode=pipeline ${how%%LD_*} -T "$kept/long"
    same_file "$kept/first.out" "$out" "$how: output"
    same_file "$kept/first.err" "$err" "$how: messages"
  done
}
