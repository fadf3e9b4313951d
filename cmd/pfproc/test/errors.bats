# Every error that can happen by now: its exit code, its message, and that what
# is sound is processed all the same.

load helper

setup() {
  common_setup
  lines_of good 'a hello b'
  lines_of other 'hello' 'hello'
  good='good:1:3: hello'
}

# failed_input MESSAGE CODE ARGUMENT...: the arguments name one bad input, with
# good ones around it, whose matches must come.
failed_input() {
  local message=$1 code=$2
  shift 2
  same_in_every_way "${unprivileged[@]}" "$PFPROC" -e hello good "$@" other
  assert_failure "$code"
  assert_output "$good
other:1:1: hello
other:2:1: hello"
  assert_messages "pfproc: $message" \
    "pfproc: 1 of 3 files failed; first: $message"
}

# --- inputs ---

@test "a file that is missing: 66, and the others are processed" {
  failed_input 'missing: No such file or directory' 66 missing
}

@test "a directory without -r: 66" {
  mkdir dir
  failed_input 'dir: Is a directory' 66 dir
}

@test "a path through a file: 66" {
  failed_input 'good/x: Not a directory' 66 good/x
}

@test "a symbolic link to itself: 66" {
  ln -s loop loop
  failed_input 'loop: Too many levels of symbolic links' 66 loop
}

@test "a dangling symbolic link: 66" {
  ln -s nowhere dangling
  failed_input 'dangling: No such file or directory' 66 dangling
}

@test "a name too long for the system: 66" {
  local long
  long=$(printf 'x%.0s' {1..300})
  failed_input "$long: File name too long" 66 "$long"
}

@test "a line of a list too long for any name: 66, shown short" {
  head -c 200000 /dev/zero | tr '\0' x >list
  printf '\ngood\n' >>list
  ways -e hello -T list
  assert_failure 66
  assert_output "$good"
  [ ${#stderr} -lt 1000 ]
  assert_equal "$(head -c 16 "$err")" 'pfproc: xxxxxxxx'
  assert_regex "$stderr" 'File name too long'
}

@test "a socket: 66" {
  perl -MSocket -e 'socket (S, PF_UNIX, SOCK_STREAM, 0) or die;
    bind (S, sockaddr_un ("socket")) or die'
  failed_input 'socket: No such device or address' 66 socket
}

@test "an unreadable file: 77" {
  lines_of secret hello
  chmod 0 secret
  failed_input 'secret: Permission denied' 77 secret
}

@test "a file in an unreadable directory: 77" {
  mkdir closed
  lines_of closed/file hello
  chmod 0 closed
  failed_input 'closed/file: Permission denied' 77 closed/file
  chmod 700 closed
}

@test "an unreadable directory in a walk: 77" {
  mkdir tree tree/b
  lines_of tree/a hello
  lines_of tree/c hello
  chmod 0 tree/b
  same_in_every_way "${unprivileged[@]}" "$PFPROC" -r -e hello tree
  chmod 700 tree/b
  assert_failure 77
  assert_output $'tree/a:1:1: hello\ntree/c:1:1: hello'
  assert_messages 'pfproc: tree/b: Permission denied' \
    'pfproc: 1 of 3 files failed; first: tree/b: Permission denied'
}

@test "a read that fails in the middle: 74" {
  # Reading its own memory at address 0 is an I/O error for every process.
  failed_input '/proc/self/mem: Input/output error' 74 /proc/self/mem
}

@test "the first error in input order decides, whatever finishes first" {
  lines_of secret hello
  chmod 0 secret
  head -c 3000000 /dev/zero | tr '\0' ' ' >large
  same_in_every_way "${unprivileged[@]}" "$PFPROC" -c -e hello large secret missing
  assert_failure 77
  assert_messages 'pfproc: secret: Permission denied' \
    'pfproc: missing: No such file or directory' \
    'pfproc: 2 of 3 files failed; first: secret: Permission denied'
  same_in_every_way "${unprivileged[@]}" "$PFPROC" -c -e hello large missing secret
  assert_failure 66
  assert_messages 'pfproc: missing: No such file or directory' \
    'pfproc: secret: Permission denied' \
    'pfproc: 2 of 3 files failed; first: missing: No such file or directory'
}

@test "messages stand between the results of the files around them" {
  interleaved() {
    "$PFPROC" -e hello good missing other nowhere good "${way[@]}" \
      >"$kept/both" 2>&1 || true
    assert_equal "$(cat "$kept/both")" "$good
pfproc: missing: No such file or directory
other:1:1: hello
other:2:1: hello
pfproc: nowhere: No such file or directory
$good
pfproc: 2 of 5 files failed; first: missing: No such file or directory"
  }
  each_way interleaved
}

@test "an error comes before the answer of --check and --expect" {
  ways --check -e hello good missing
  assert_failure 66
  ways --expect -e none good missing
  assert_failure 66
}

@test "an empty name: 66" {
  failed_input ': empty file name' 66 ''
}

@test "an empty name in a list: 66" {
  printf 'good\n\nother\n' >"$kept/list"
  input=$kept/list ways -e hello
  assert_failure 66
  assert_line --index 1 'other:1:1: hello'
  assert_messages 'pfproc: : empty file name' \
    'pfproc: 1 of 3 files failed; first: : empty file name'
  printf 'good\0\0other\0' >"$kept/list"
  input=$kept/list ways -0 -e hello
  assert_failure 66
  assert_message 'pfproc: : empty file name'
}

@test "a NUL in a list without -0: 66, with a hint" {
  printf 'good\0other\n' >list
  ways -e hello -T list
  assert_failure 66
  assert_message \
    'pfproc: good: NUL byte in a file name (names that end in NUL need -0)'
}

@test "a name with a newline: one match is one line" {
  lines_of $'two\nlines' hello
  printf 'two\nlines\0missing\n\0' >"$kept/list"
  input=$kept/list ways -0 -e hello
  assert_failure 66
  assert_output 'two\nlines:1:1: hello'
  assert_messages 'pfproc: missing\n: No such file or directory' \
    'pfproc: 1 of 2 files failed; first: missing\n: No such file or directory'
}

@test "a name that begins with -" {
  lines_of -x hello
  lines_of --total hello
  lines_of list -x --total
  ways -e hello -T list
  assert_success
  assert_output $'-x:1:1: hello\n--total:1:1: hello'
  ways -e hello ./-x
  assert_output './-x:1:1: hello'
  pf -e hello -- -x --total -missing
  assert_failure 66
  assert_output $'-x:1:1: hello\n--total:1:1: hello'
  assert_message 'pfproc: -missing: No such file or directory'
}

@test "an empty list: 65" {
  ways -e hello
  assert_failure 65
  assert_output ''
  assert_messages 'pfproc: (standard input): list has no names' \
    'pfproc: 1 of 1 files failed; first: (standard input): list has no names'
  : >list
  ways -e hello good -T list
  assert_failure 65
  assert_output "$good"
  assert_message 'pfproc: list: list has no names'
}

@test "a list that cannot be read: its own error, and the rest is processed" {
  mkdir dir
  : >secret
  chmod 0 secret
  failed_input 'missing: No such file or directory' 66 -T missing
  failed_input 'dir: Is a directory' 66 -T dir
  failed_input 'secret: Permission denied' 77 -T secret
}

@test "a FIFO is read to its end, also where its writer comes late" {
  late_writer() {
    rm -f fifo
    mkfifo fifo
    (
      sleep 0.2
      printf 'x hello\nhello' >fifo
    ) 3>&- &
    runs "$PFPROC" -e hello good fifo other "${way[@]}"
    wait $!
    assert_success
    assert_output "$good
fifo:1:3: hello
fifo:2:1: hello
other:1:1: hello
other:2:1: hello"
  }
  each_way late_writer
}

# --- names in quantity ---

@test "100,000 names, with errors among them, in the order given" {
  local n=100000
  [ -z "${PF_SANITIZER-}" ] || n=10000
  mkdir f
  for i in {0..98}; do lines_of f/$i hello; done
  awk -v n=$n 'BEGIN { for (i = 0; i < n; i++) print "f/" i % 100 }' >"$kept/list"
  awk '$0 != "f/99" { print $0 ":1" }' "$kept/list" >"$kept/wanted"
  input=$kept/list ways -c -e hello
  assert_failure 66
  same_file "$kept/wanted" "$kept/first.out" 'counts'
  assert_equal "$(grep -c '^pfproc: f/99: No such file or directory$' "$err")" \
    $((n / 100))
  assert_message "pfproc: $((n / 100)) of $n files failed; first: f/99: No such file or directory"
}

@test "however many names: 256 descriptors are enough" {
  local n=1500
  [ -z "${PF_SANITIZER-}" ] || n=600
  mkdir f
  # Reading ahead must be easy and matching slow, so that a reader who opened
  # all it can would.
  head -c 12000 /dev/zero | tr '\0' ' ' >f/0
  for ((i = 1; i < n; i++)); do ln f/0 f/$i; done
  seq -f f/%g 0 $((n - 1)) >"$kept/list"
  input=$kept/list same_in_every_way prlimit --nofile=256 "$PFPROC" -e hello -L
  assert_success
  assert_messages
  same_file "$kept/list" "$out" 'names'
}

hint='pfproc: standard input is read as a list of file names; use - to process its contents'

@test "log lines given as names: a hint at the hundredth" {
  seq -f 'Jan %g 12:00:00 host daemon: started' 1 150 >"$kept/log"
  input=$kept/log ways -e hello
  assert_failure 66
  assert_output ''
  assert_equal "$(sed -n 101p "$err")" "$hint"
  assert_equal "$(grep -cxF "$hint" "$err")" 1
  assert_equal "$(wc -l <"$err")" 152
}

@test "a short log given as names: the hint at the end" {
  lines_of "$kept/log" 'GET / 200' 'GET /x 404'
  input=$kept/log ways -e hello
  assert_failure 66
  assert_messages 'pfproc: GET / 200: No such file or directory' \
    'pfproc: GET /x 404: No such file or directory' \
    'pfproc: 2 of 2 files failed; first: GET / 200: No such file or directory' \
    "$hint"
}

@test "no hint where one name on standard input is a file" {
  {
    seq 1 50
    echo good
    seq 51 150
  } >"$kept/list"
  input=$kept/list ways -e hello
  assert_failure 66
  assert_output "$good"
  refute_message_part 'list of file names'
  lines_of "$kept/list" good missing
  input=$kept/list ways -e hello
  refute_message_part 'list of file names'
}

@test "no hint for names in arguments and files" {
  seq 1 150 >list
  ways -e hello -T list
  assert_failure 66
  refute_message_part 'list of file names'
  ways -e hello 1 2 3
  refute_message_part 'list of file names'
}

# --- glossaries ---

# bad_glossary CODE MESSAGE ARGUMENT...: ends before any file is touched.
bad_glossary() {
  local code=$1 message=$2
  shift 2
  same_in_every_way "${unprivileged[@]}" "$PFPROC" "$@" missing good
  assert_failure "$code"
  assert_output ''
  assert_messages "pfproc: $message"
}

@test "a malformed glossary: 65 with the line, before any file" {
  printf 'hello\n# comment\n\nhullo\tvalue\tlabel\tcolour=red\n' >g.tsv
  bad_glossary 65 \
    'g.tsv:4: unknown rule in a column after the label: colour=red' -g g.tsv
  printf 'hello\r\n\r\n\tvalue\r\n' >g.tsv
  bad_glossary 65 'g.tsv:3: empty term' -g g.tsv
  printf 'hello\nhel\xfflo\n' >g.txt
  bad_glossary 65 'g.txt:2: term is not valid UTF-8' -g g.txt
  printf 'wrong->right\n\nwrong right\n' >g.codespell
  bad_glossary 65 'g.codespell:3: expected WRONG->RIGHT, found no ->' \
    -g g.codespell
  printf 'wrong->\n' >list
  bad_glossary 65 'list:1: no correction after ->' -g list:codespell
}

@test "a term longer than 4,096 bytes: 65; one of 4,096 is none" {
  local longest
  longest=$(head -c 4096 /dev/zero | tr '\0' x)
  lines_of g.txt ok "$longest"
  lines_of text "$longest"
  pf -c -g g.txt text
  assert_success
  assert_output text:1
  lines_of g.txt ok "${longest}x"
  bad_glossary 65 'g.txt:2: term of 4097 bytes is longer than 4096' -g g.txt
}

@test "an empty glossary: 65, and none with --allow-empty" {
  : >g.txt
  bad_glossary 65 'g.txt: glossary has no entries' -g g.txt
  printf '# only a comment\n\n  \n' >g.tsv
  bad_glossary 65 'g.tsv: glossary has no entries' -g g.tsv
  lines_of full hello
  bad_glossary 65 'g.txt: glossary has no entries' -g full -g g.txt
  ways --allow-empty -g g.txt -c good
  assert_success
  assert_output ''
}

@test "a glossary that is missing: 66; unreadable: 77; a directory: 66" {
  mkdir dir
  lines_of secret hello
  chmod 0 secret
  bad_glossary 66 'none.tsv: No such file or directory' -g none.tsv
  bad_glossary 77 'secret: Permission denied' -g secret
  bad_glossary 66 'dir: Is a directory' -g dir
  bad_glossary 66 'none.txt: No such file or directory' -f none.txt
}

# --- outputs ---

@test "an output that cannot be created: 73, and nothing is read" {
  mkdir dir closed
  chmod 500 closed
  refused() {
    same_in_every_way "${unprivileged[@]}" "$PFPROC" -e hello --output="$1" good missing
    assert_failure 73
    assert_output ''
    assert_messages "pfproc: $2"
  }
  refused none/x 'none/x: No such file or directory'
  refused good/x 'good/x: Not a directory'
  refused dir 'dir: Is a directory'
  refused closed/x 'closed/x: Permission denied'
  refused '' ': No such file or directory'
}

@test "an output that is also an input: 64, before anything is written" {
  mkdir dir
  lines_of dir/a hello
  ln -s ../other dir/link
  ln other dir/hard
  lines_of list good other
  cp other "$kept/other"
  refused() {
    same_in_every_way "$PFPROC" -e hello --output="$@"
    assert_failure 64
    assert_output ''
    assert_equal "${stderr%%$'\n'*}" "pfproc: $1: output is also an input"
    cmp other "$kept/other"
    assert_no_temporary
  }
  refused other good other
  refused dir/link other
  refused dir/hard other good
  refused other good -T list
  refused list -T list good
  refused other -r dir
  refused dir/a -r dir
}

@test "an output that is also a glossary: 64" {
  lines_of g.txt hello
  cp g.txt "$kept/g.txt"
  ln -s g.txt link
  ways -g g.txt --output=link good
  assert_failure 64
  assert_equal "${stderr%%$'\n'*}" 'pfproc: link: output is also a glossary'
  cmp g.txt "$kept/g.txt"
}

@test "an output that is a glossary of the environment: 64" {
  lines_of g.txt hello
  PFPROC_GLOSSARY=g.txt ways --output=g.txt good
  assert_failure 64
  assert_equal "${stderr%%$'\n'*}" 'pfproc: g.txt: output is also a glossary'
  assert_equal "$(cat g.txt)" hello
}

@test "an input that is the file behind standard output: its own error, 74" {
  behind() {
    "$PFPROC" -e hello "${way[@]}" good result other >result 2>"$err" &&
      status=0 || status=$?
    stderr=$(cat "$err")
    assert_failure 74
    assert_messages 'pfproc: result: input file is also the output' \
      'pfproc: 1 of 3 files failed; first: result: input file is also the output'
    assert_equal "$(cat result)" "$good"$'\nother:1:1: hello\nother:2:1: hello'
  }
  each_way behind
}

@test "standard output is full: 74" {
  full() {
    "$PFPROC" -e hello "${way[@]}" "$@" good >/dev/full 2>"$err" &&
      status=0 || status=$?
    stderr=$(cat "$err")
    assert_failure 74
    assert_messages 'pfproc: standard output: No space left on device'
  }
  each_way full
  each_way full --total
  runs bash -c '"$PFPROC" --help >/dev/full'
  assert_failure 74
  runs bash -c '"$PFPROC" --version >/dev/full'
  assert_failure 74
}

@test "an output that is a full device: 74 with its name" {
  ways -e hello --output=/dev/full good
  assert_failure 74
  assert_messages 'pfproc: /dev/full: No space left on device'
}

# The old content must be kept, and nothing else be left.
keeps_old_output() {
  assert_failure 74
  assert_equal "${stderr%: *}" "pfproc: $1"
  assert_equal "$(cat "$1")" old
  assert_no_temporary "$(dirname "$1")"
}

@test "no room for an output file: 74, and the old content is kept" {
  yes hello | head -n 50000 >large || true
  lines_of result old
  no_room() {
    runs bash -c 'trap "" XFSZ; ulimit -f 100; exec "$0" "$@"' \
      "$PFPROC" -e hello --output=result "${way[@]}" large
    keeps_old_output result
  }
  each_way no_room
}

@test "a full disk: 74, and the old content is kept" {
  yes hello | head -n 50000 >large || true
  mkdir disk
  # A disk of 64 KiB where this user may mount one; elsewhere one that is full
  # from the start.
  cat >"$kept/on-disk" <<'END'
if mount -t tmpfs -o size=64k,nr_inodes=20 none disk 2>/dev/null; then
  target=disk/result
  echo old >disk/result
else
  target=/dev/full
fi
status=0
"$@" --output="$target" || status=$?
if [ $target = disk/result ]; then
  [ "$(cat disk/result)" = old ] && [ "$(ls -A disk)" = result ] || exit 99
fi
exit $status
END
  local apart=(unshare -m)
  [ "$(id -u)" = 0 ] || apart=(unshare -Urm)
  "${apart[@]}" true || apart=()
  full_disk() {
    runs "${apart[@]}" bash "$kept/on-disk" "$PFPROC" -e hello "${way[@]}" large
    assert_failure 74
    assert_regex "$stderr" '^pfproc: (disk/result|/dev/full): No space left on device$'
  }
  each_way full_disk
}

@test "standard output is closed: 74" {
  closed() {
    "$PFPROC" -e hello "${way[@]}" good >&- 2>"$err" && status=0 || status=$?
    stderr=$(cat "$err")
    assert_failure 74
    assert_messages 'pfproc: standard output: Bad file descriptor'
  }
  each_way closed
}

@test "other closed descriptors do no harm" {
  # Without care, the first file opened would become standard error.
  "$PFPROC" -e hello good missing 2>&- >"$out" || status=$?
  assert_equal "$status" 66
  assert_equal "$(cat "$out")" "$good"
  "$PFPROC" -e hello good <&- >"$out"
  assert_equal "$(cat "$out")" "$good"
}

@test "a closed pipe ends the run quietly by SIGPIPE" {
  yes hello | head -n 200000 >large || true
  closed_pipe() {
    local statuses
    env --default-signal=PIPE "$PFPROC" -e hello "${way[@]}" large large large \
      2>"$err" | head -n 1 >"$out"
    statuses=("${PIPESTATUS[@]}")
    assert_equal "${statuses[0]}" 141
    assert_equal "$(cat "$out")" 'large:1:1: hello'
    assert_equal "$(cat "$err")" ''
  }
  set +o pipefail
  each_way closed_pipe
}

@test "a closed pipe with SIGPIPE ignored from the start: 74" {
  yes hello | head -n 200000 >large || true
  closed_pipe() {
    local statuses
    env --ignore-signal=PIPE "$PFPROC" -e hello "${way[@]}" large large large \
      2>"$err" | head -n 1 >"$out"
    statuses=("${PIPESTATUS[@]}")
    assert_equal "${statuses[0]}" 74
    assert_equal "$(cat "$out")" 'large:1:1: hello'
    assert_equal "$(cat "$err")" 'pfproc: standard output: Broken pipe'
  }
  set +o pipefail
  each_way closed_pipe
}

# --- the system ---

@test "the system refuses threads: 71" {
  # The leak detector needs a process of its own.
  export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
  # The superuser has no limit; another user with no other process has one, and
  # needs no way to the program but from here.
  local user=()
  if [ "$(id -u)" = 0 ]; then
    user=(setpriv --reuid=54321 --regid=54321 --clear-groups)
  fi
  cp "$PFPROC" pfproc
  no_threads() {
    local most
    for most in 1 2 4; do
      runs "${user[@]}" prlimit --nproc=$most ./pfproc -e hello -c good \
        "${way[@]}" -j8
      assert_failure 71
      assert_output ''
      assert_regex "$stderr" \
        '^pfproc: cannot .*: [Rr]esource temporarily unavailable$'
    done
  }
  each_way no_threads
}

@test "too few descriptors: 75 at whatever point they run out" {
  starved() {
    local most seen=
    for most in {4..20}; do
      runs prlimit --nofile=$most "$PFPROC" -e hello -c good other "${way[@]}"
      case $status in
        0) assert_output $'good:1\nother:2' ;;
        75) assert_regex "$stderr" '[Tt]oo many open files' ;;
        # Not even the libraries can be opened.
        127) assert_regex "$stderr" 'shared librar' ;;
        *) fail "with $most descriptors: exit $status: $stderr" ;;
      esac
      seen+=" $status"
    done
    assert_regex "$seen" ' 75 .* 0$'
  }
  each_way starved
}

@test "a file for which there is no descriptor: 75, and the others go on" {
  # Two names, one descriptor: with one job, the second comes after the first.
  local most
  for most in {6..20}; do
    runs prlimit --nofile=$most "$PFPROC" -j1 -e hello good other
    [[ $stderr == 'pfproc: good: '* ]] || continue
    assert_failure 75
    assert_message 'pfproc: good: Too many open files'
    assert_message 'pfproc: 2 of 2 files failed; first: good: Too many open files'
    return
  done
  fail 'the limit was never met by a file'
}

# --- usage ---

@test "bad options: 64, with a message that says why" {
  bad() {
    local message=$1
    shift
    pf "$@" missing
    assert_usage_error "$message"
  }
  bad 'unknown option: --nonsense' --nonsense
  bad 'unknown option: --nonsense=1' --nonsense=1
  bad 'unknown option: -x' -x
  bad 'unknown option: -x' -cx
  bad 'option takes no value: --count=3' --count=3
  bad "--jobs takes a number from 0 to 65536, not 'many'" -j many
  bad "--jobs takes a number from 0 to 65536, not '-1'" -j -1
  bad "--jobs takes a number from 0 to 65536, not ''" --jobs=
  bad "--jobs takes a number from 0 to 65536, not '65537'" -j65537
  bad "--jobs takes a number from 0 to 65536, not '2x'" -j2x
  bad '--readers takes a number' --readers=x
  bad "--memory takes a size such as 64M, not 'x'" --memory=x
  bad '--memory takes a size' --memory=0
  bad '--memory takes a size' --memory=-1M
  bad '--memory takes a size' --memory=1MM
  bad '--memory takes a size' --memory=99999999999T
  bad "--mode takes one of auto, fork-join, pipeline, not 'x'" --mode=x
  bad "--schedule takes one of stealing, static, not 'x'" --schedule=x
  bad "--format takes one of text, tsv, jsonl, sarif, github, not 'x'" --format=x
  bad "--binary takes one of skip, text, error, not 'x'" --binary=x
  bad "--boundary takes one of word, strict, host, none, prefix, subword, not ''" --boundary=
  bad "--space takes one of wrap, line, exact, not 'x'" --space=x
  bad '-e: empty term' -e ''
  bad '-e: empty term' -e '  '
  bad '-e: term is not valid UTF-8' -e $'\xff'
  bad 'case must be exact or ignore: case=x' -g list,case=x
  bad 'boundary must be word, strict, host, none, prefix or subword: boundary=x' \
    -g list,boundary=x
  bad 'glossary without a name' -g ''
  bad 'glossary without a name' -g :tsv
}

@test "an option that lacks its value: 64" {
  local option
  for option in -j --jobs -g -e -T --output --format -f; do
    pf "$option"
    assert_usage_error "option needs a value: $option"
  done
}

@test "word characters that are not UTF-8: 64" {
  pf --word-chars=$'\xff' -e hello good
  assert_failure 64
  assert_output ''
}

@test "options that exclude each other: 64, with the reason" {
  bad() {
    local message=$1
    shift
    pf -e hello good "$@"
    assert_usage_error "$message"
  }
  bad '--check makes no sense with --expect: they ask for the opposite' \
    --check --expect
  bad '--quiet makes no sense with --output: nothing is written' \
    -q --output=x
  bad '--quiet makes no sense with --format: nothing is written' \
    --format=tsv -q
  bad '--readers makes no sense with --mode=fork-join' \
    --mode=fork-join --readers=2
  bad 'are two actions; one is possible' -c --total
  bad 'are two actions; one is possible' -l -L
  bad 'are two actions; one is possible' --find --count-terms
  assert_not_exists x
}

@test "standard input used twice: 64" {
  pf -e hello - -
  assert_usage_error 'standard input is used twice'
  pf -e hello -T - -
  assert_usage_error 'standard input is used twice'
  pf -g - -
  assert_usage_error 'standard input is used twice'
  pf -g - -T -
  assert_usage_error 'standard input is used twice'
  pf -g - -g -
  assert_usage_error 'standard input is used twice'
  pf -g -
  assert_usage_error 'standard input is used twice'
}
