# A run that is ended by a signal: the shell sees the signal, what was written is
# the beginning of the whole output, and no temporary file is left.

load helper

setup() {
  common_setup
  lines_of a 'hello'
  lines_of b 'x hello'
  mkfifo held names
  # Prints how the command ended: "signal N" or "exit N". Its process number
  # stands in the file pid as soon as it runs; signals do what they do in a
  # shell's foreground, also where the tests run in some background.
  cat >"$kept/outcome" <<'END'
use POSIX;
my @given = qw(INT TERM HUP);
my $pid = fork // die;
if ($pid == 0) {
  my $rule = shift @ARGV;
  $SIG{$_} = $rule for @given;
  $SIG{PIPE} = "DEFAULT";
  exec @ARGV or die;
}
open my $out, ">", "pid.new" or die;
print $out $pid;
close $out;
rename "pid.new", "pid" or die;
$SIG{$_} = "IGNORE" for @given;
waitpid $pid, 0;
print $? & 127 ? "signal " . ($? & 127) : "exit " . ($? >> 8), "\n";
END
}

teardown() {
  local pid
  exec 8>&- 9>&-
  if [ -e pid ]; then
    pid=$(cat pid)
    [ -e outcome ] && [ -s outcome ] || kill -KILL "$pid" 2>/dev/null || true
  fi
}

# starts RULE COMMAND...: in the background, with RULE for its signals; its
# standard input is the FIFO names, held open here on descriptor 9.
starts() {
  local rule=$1
  shift
  rm -f pid outcome result errors
  (
    exec 3>&- 8>&- 9>&-
    exec perl "$kept/outcome" "$rule" sh -c \
      'exec "$@" >result 2>errors' - "$@" <names >outcome.new
  ) &
  runner=$!
  exec 9>names
  soon test -s pid
}

# For `soon`, which must look anew each time.
has_opened() {
  find "/proc/$(cat pid)/fd" -lname "*/$1" | grep .
}

# Whether the FIFO has no room for its writer.
is_full() {
  perl -MFcntl -e 'sysopen my $f, shift, O_WRONLY | O_NONBLOCK or exit 1;
    my $w = ""; vec ($w, fileno $f, 1) = 1; exit select undef, $w, undef, 0' "$1"
}

ended() {
  wait "$runner"
  mv outcome.new outcome
  assert_equal "$(cat outcome)" "$1"
}

# A run that holds on for ever: file "held" has a writer that says no more.
# What comes before it, and the beginning of it, is already out.
held_run() {
  starts "$@"
  exec 8>held
  echo 'hello' >&8
  soon holds result $'a:1:1: hello\nheld:1:1: hello'
}

@test "SIGINT, SIGTERM and SIGHUP end a run, and the shell sees them" {
  ends_by() {
    held_run DEFAULT "$PFPROC" -e hello a held b "${way[@]}"
    kill -s "$1" "$(cat pid)"
    ended "signal $2"
    exec 8>&- 9>&-
    assert_equal "$(cat result)" $'a:1:1: hello\nheld:1:1: hello'
    assert_equal "$(cat errors)" ''
  }
  each_way ends_by INT 2
  each_way ends_by TERM 15
  each_way ends_by HUP 1
}

@test "while names stream in" {
  streaming() {
    starts DEFAULT "$PFPROC" -e hello -j"$1"
    printf 'a\nmissing\nb\n' >&9
    soon holds result $'a:1:1: hello\nb:1:3: hello'
    kill -s "$2" "$(cat pid)"
    ended "signal $3"
    exec 9>&-
    assert_equal "$(cat errors)" 'pfproc: missing: No such file or directory'
  }
  for jobs in 1 2 8; do
    streaming $jobs INT 2
    streaming $jobs TERM 15
  done
}

@test "in the middle of many files: the output is a beginning of the whole" {
  local i
  mkdir f
  yes 'hello there' | head -n 20000 >f/0 || true
  for ((i = 1; i < 60; i++)); do ln f/0 f/$i; done
  seq -f f/%g 0 59 >list
  "$PFPROC" -e hello -T list >"$kept/whole"
  middle() {
    starts DEFAULT "$PFPROC" -e hello -T list "${way[@]}"
    soon test -s result
    kill -INT "$(cat pid)"
    wait "$runner"
    exec 9>&-
    # A fast machine may have been done by then.
    assert_regex "$(cat outcome.new)" '^(signal 2|exit 0)$'
    [ -s result ]
    cmp -n "$(stat -c %s result)" result "$kept/whole"
    # No match is written by half.
    assert_equal "$(tail -c 1 result | od -An -c)" '  \n'
  }
  each_way middle
}

@test "no totals after a signal" {
  no_totals() {
    starts DEFAULT "$PFPROC" -e hello --total a held b "${way[@]}"
    soon has_opened held
    kill -TERM "$(cat pid)"
    ended 'signal 15'
    exec 9>&-
    assert_equal "$(cat result)" ''
  }
  each_way no_totals
}

@test "a FIFO whose writer never comes is not waited for" {
  waiting() {
    starts DEFAULT "$PFPROC" -e hello a held "${way[@]}"
    soon has_opened held
    kill -INT "$(cat pid)"
    ended 'signal 2'
    exec 9>&-
    assert_equal "$(cat result)" 'a:1:1: hello'
  }
  each_way waiting
}

@test "an output file: the old content is kept, no temporary file is left" {
  old_output() {
    lines_of new old
    starts DEFAULT "$PFPROC" -e hello a held --output=new "${way[@]}"
    soon has_opened held
    exec 8>held
    echo hello >&8
    kill -s "$1" "$(cat pid)"
    ended "signal $2"
    exec 8>&- 9>&-
    assert_equal "$(cat new)" old
    assert_no_temporary
  }
  each_way old_output INT 2
  each_way old_output TERM 15
}

@test "a second signal ends a run that cannot end by itself" {
  yes hello | head -n 100000 >large || true
  mkfifo slow
  second() {
    lines_of new old
    starts DEFAULT sh -c 'exec "$@" >slow' - \
      "$PFPROC" -e hello large "${way[@]}"
    # A reader that does not read: the pipe is full, and writing waits.
    exec 8<slow
    soon is_full slow
    kill -INT "$(cat pid)"
    kill -TERM "$(cat pid)"
    ended 'signal 15'
    exec 8<&- 9>&-
  }
  each_way second
}

@test "one signal is enough, in the end, where writing waits for ever" {
  yes hello | head -n 100000 >large || true
  mkfifo slow
  first() {
    starts DEFAULT sh -c 'exec "$@" >slow' - \
      "$PFPROC" -e hello large "${way[@]}"
    exec 8<slow
    soon is_full slow
    kill -TERM "$(cat pid)"
    ended 'signal 15'
    exec 8<&- 9>&-
  }
  each_way first
}

@test "the first process of a container, which no signal ends by default" {
  local apart=(unshare -pf) number
  [ "$(id -u)" = 0 ] || apart=(unshare -Urpf)
  for number in 2 15; do
    starts DEFAULT "${apart[@]}" --kill-child "$PFPROC" -e hello -c -j2
    echo a >&9
    soon holds result 'a:1'
    kill -$number "$(cat "/proc/$(cat pid)/task/$(cat pid)/children")"
    soon test -s outcome.new
    ended "exit $((128 + number))"
  done
}

@test "signals that were ignored from the start stay ignored" {
  ignoring() {
    held_run IGNORE "$PFPROC" -e hello a held b "${way[@]}"
    kill -INT "$(cat pid)"
    kill -HUP "$(cat pid)"
    echo 'hello' >&8
    soon holds result $'a:1:1: hello\nheld:1:1: hello\nheld:2:1: hello'
    exec 8>&- 9>&-
    ended 'exit 0'
    assert_equal "$(tail -n 1 result)" 'b:1:3: hello'
  }
  each_way ignoring
}

@test "SIGPIPE is seen as a signal" {
  yes hello | head -n 100000 >large || true
  mkfifo pipe
  broken() {
    starts DEFAULT sh -c 'exec "$@" >pipe' - \
      "$PFPROC" -e hello large large "${way[@]}"
    head -n 1 pipe >first
    ended 'signal 13'
    exec 9>&-
    assert_equal "$(cat first errors)" 'large:1:1: hello'
  }
  each_way broken
}

@test "SIGPIPE while an output file is written leaves no temporary file" {
  # Messages go to a pipe that nobody reads any more.
  mkfifo pipe
  messages() {
    lines_of new old
    starts DEFAULT sh -c 'exec "$@" 2>pipe' - \
      "$PFPROC" -e hello a missing held missing --output=new "${way[@]}"
    exec 8<pipe
    soon has_opened held
    exec 8<&-
    exec 8>held
    exec 8>&- 9>&-
    wait "$runner"
    assert_regex "$(cat outcome.new)" '^(signal 13|exit 66)$'
    assert_equal "$(ls -A | grep '^\.new')" ''
  }
  each_way messages
}

@test "at any instant, wherever it is and whatever it waits for" {
  local rounds=20
  [ -z "${PF_LONG-}" ] || rounds=1000
  mkdir any
  cd any
  run timeout 3000 python3 "$PF_SRCDIR/cmd/pfproc/test/interrupt.py" \
    $rounds "${PF_SEED-$RANDOM}" "$PFPROC"
  assert_success
  assert_output --partial "$rounds rounds"
}
