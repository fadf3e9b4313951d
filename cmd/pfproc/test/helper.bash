# What the tests of both programs share. Each test runs in an empty folder of
# its own; what a helper keeps lies beside that folder, not in it.

bats_require_minimum_version 1.5.0

common_setup() {
  bats_load_library bats-support
  bats_load_library bats-assert
  bats_load_library bats-file
  export LC_ALL=C TERM=dumb
  mkdir "$BATS_TEST_TMPDIR/work" "$BATS_TEST_TMPDIR/kept"
  cd "$BATS_TEST_TMPDIR/work"
  kept=$BATS_TEST_TMPDIR/kept
  out=$kept/out
  err=$kept/err
  output= stderr= status= lines=()
  numbers_of_jobs='1 2 8'
  # Each run is slow there, and two jobs are no other case than eight.
  [ -z "${PF_SANITIZER-}" ] || numbers_of_jobs='1 8'

  # In front of a command: it runs without the superuser's right to read and
  # write everything.
  unprivileged=()
  if [ "$(id -u)" = 0 ]; then
    unprivileged=(setpriv --bounding-set=-dac_override,-dac_read_search
      --inh-caps=-dac_override,-dac_read_search)
  fi
}

# lines_of FILE LINE...: makes FILE of these lines.
lines_of() {
  local file=$1
  shift
  printf '%s\n' "$@" >"$file"
}

# runs COMMAND...: like `run`, with standard output in the file $out and in
# $output, standard error in the file $err and in $stderr. Input is empty unless
# it is redirected.
runs() {
  only_runs "$@"
  load_outputs
}

# The same without $output, $stderr and $lines.
only_runs() {
  status=0
  if [ -t 0 ]; then
    timeout 120 "$@" </dev/null >"$out" 2>"$err" || status=$?
  else
    timeout 120 "$@" >"$out" 2>"$err" || status=$?
  fi
}

# Bash would drop NUL bytes of what it reads, too, and say so.
load_outputs() {
  output=$(tr -d '\0' <"$out")
  stderr=$(tr -d '\0' <"$err")
  mapfile -t lines < <(tr -d '\0' <"$out")
}

# pf ARGUMENT...: one run of pfproc, for what does not depend on threads.
pf() {
  runs "$PFPROC" "$@"
}

# pfg ARGUMENT...: one run of pfglossary.
pfg() {
  runs "$PFGLOSSARY" "$@"
}

# same_in_every_way COMMAND...: the command gets the options of a mode and a
# number of jobs behind its own words; whatever they are, its two outputs and
# its exit status must be the same to the byte. Standard input is the file
# $input, or empty.
same_in_every_way() {
  only_same_in_every_way "$@"
  load_outputs
}

# The same without $output, $stderr and $lines.
only_same_in_every_way() {
  local mode jobs seen=
  for mode in fork-join pipeline; do
    for jobs in $numbers_of_jobs; do
      only_runs "$@" --mode=$mode -j$jobs <"${input-/dev/null}"
      if [ -z "$seen" ]; then
        seen=$status
        cp "$out" "$kept/first.out"
        cp "$err" "$kept/first.err"
        continue
      fi
      same_file "$kept/first.out" "$out" "--mode=$mode -j$jobs: output"
      same_file "$kept/first.err" "$err" "--mode=$mode -j$jobs: messages"
      assert_equal "--mode=$mode -j$jobs: exit $status" \
        "--mode=$mode -j$jobs: exit $seen"
    done
  done
}

# ways ARGUMENT...: pfproc in every way; no argument may be "--".
ways() {
  same_in_every_way "$PFPROC" "$@"
}

# The same for what is too long for $output.
only_ways() {
  only_same_in_every_way "$PFPROC" "$@"
}

# each_way COMMAND...: runs the command with the array $way set to each mode and
# number of jobs in turn, for tests that do more than one run. A test that fails
# shows the last one.
each_way() {
  local mode jobs
  for mode in fork-join pipeline; do
    for jobs in $numbers_of_jobs; do
      way=("--mode=$mode" "-j$jobs")
      echo "with ${way[*]}:"
      "$@"
    done
  done
}

# same_file WANTED SEEN WHAT
same_file() {
  cmp -s "$1" "$2" && return
  {
    echo "-- $3: not the same (first wanted, then seen) --"
    diff -a "$1" "$2" | head -n 40
  } | fail
}

# assert_messages [LINE...]: standard error is exactly these lines.
assert_messages() {
  local wanted
  wanted=$([ $# = 0 ] || printf '%s\n' "$@")
  assert_equal "$stderr" "$wanted"
}

assert_message() {
  [[ $'\n'$stderr$'\n' == *$'\n'"$1"$'\n'* ]] ||
    batslib_print_kv_multi 'wanted' "$1" 'stderr' "$stderr" |
    batslib_decorate 'no such message' | fail
}

refute_message_part() {
  [[ $stderr != *"$1"* ]] ||
    batslib_print_kv_multi 'unwanted' "$1" 'stderr' "$stderr" |
    batslib_decorate 'message found' | fail
}

# assert_usage_error PART: exit 64, nothing on standard output, and a message of
# one line with PART.
assert_usage_error() {
  assert_failure 64
  assert_equal "$output" ''
  [[ $stderr == "pfproc: "*"$1"* && $stderr != *$'\n'* ]] ||
    batslib_print_kv_multi 'wanted' "$1" 'stderr' "$stderr" |
    batslib_decorate 'another message' | fail
}

# soon COMMAND...: waits until the command succeeds; it must, within 20 seconds.
soon() {
  local i
  for ((i = 0; i < 1000; i++)); do
    if "$@" >/dev/null 2>&1; then
      return
    fi
    sleep 0.02
  done
  fail "never came true: $*"
}

# holds FILE TEXT: FILE is exactly these lines.
holds() {
  [ "$(cat "$1")" = "$2" ]
}

# No temporary file of pfproc is left in the folders given, or here.
assert_no_temporary() {
  run find "${@:-.}" -name '.*.pfproc-*'
  assert_output ''
}

# needs FORMAT...: skips where this build lacks what reads glossaries in one of
# these; gz stands for packed ones.
needs() {
  local format glossary
  for format; do
    glossary=/dev/null:$format
    if [ "$format" = gz ]; then
      glossary=$BATS_TEST_TMPDIR/needs.gz
      printf '\037\213\010' >"$glossary"
    fi
    if "$PFPROC" -g "$glossary" . 2>&1 | grep -q 'this build lacks'; then
      skip "built without what $format needs"
    fi
    rm -f "$BATS_TEST_TMPDIR/needs.gz"
  done
}
