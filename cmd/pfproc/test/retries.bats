#!/usr/bin/env bats
# What fails for a reason that may pass is tried again, and nothing that was
# read is lost or comes twice. strace makes calls fail; it counts them in each
# thread for itself.
load helper

setup_file() {
  cd "$(realpath "$BATS_FILE_TMPDIR")"
  # Large enough to be cut, with matches everywhere, no two lines the same.
  seq -f 'line %g has a hello for you and some more words' 120000 >large
  seq -f 'hello %g' 400 >small
  lines_of list "$PWD/large" "$PWD/small"
  mkdir -p tree/b
  lines_of tree/a hello
  lines_of tree/b/c hello
  lines_of tree/d hello
}

setup() {
  common_setup
  # strace knows files by the names that it is given.
  cd "$(realpath "$BATS_FILE_TMPDIR")"
  large=$PWD/large small=$PWD/small list=$PWD/list tree=$PWD/tree
  # The leak detector cannot work under another tracer.
  export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
}

# with_faults FAULTS FILE ARGUMENT...: pfproc in every way, with calls on FILE
# failing as strace's inject= says.
with_faults() {
  local faults=$1 file=$2
  shift 2
  same_in_every_way strace -f -o "$kept/trace" -P "$file" \
    -e inject="$faults" "$PFPROC" -e hello "$@"
  grep -q INJECTED "$kept/trace" || fail "no fault met $file"
}

# as_without FAULTS FILE ARGUMENT...: the faults change nothing.
as_without() {
  local faults=$1 file=$2
  shift 2
  pf -e hello "$@" -j1
  assert_success
  assert_messages
  cp "$out" "$kept/sound"
  with_faults "$faults" "$file" "$@"
  assert_success
  assert_messages
  same_file "$kept/sound" "$out" "$faults"
}

# fails_with CODE WORDS FAULTS FILE ARGUMENT...: that file fails.
fails_with() {
  local code=$1 words=$2 file=$4
  shift 2
  with_faults "$@"
  assert_failure "$code"
  assert_messages "pfproc: $file: $words" \
    "pfproc: 1 of $files files failed; first: $file: $words"
}

reads=read,pread64

@test "reading fails twice at the start: as if it had not" {
  as_without $reads:error=EIO:when=1..2 "$large" "$large" "$small"
}

@test "reading fails twice in the middle: nothing is lost, nothing comes twice" {
  as_without $reads:error=EIO:when=2..3 "$large" "$large" "$small"
  as_without $reads:error=ESTALE:when=2..3 "$large" "$large" "$small"
  as_without $reads:error=ENOMEM:when=2..3 "$large" --total "$large" "$small"
}

@test "reading fails again and again, but each read at most twice" {
  as_without $reads:error=EIO:when=1+2 "$large" "$large" "$small"
}

@test "the third failure is the file's error: 74, and the others go on" {
  files=2
  fails_with 74 'Input/output error' $reads:error=EIO:when=1..3 "$large" -c "$large" "$small"
  assert_output "$small:400"
  fails_with 74 'Stale file handle' $reads:error=ESTALE:when=1..3 "$large" \
    -c "$large" "$small"
}

@test "--retries says how often: 1, none, more" {
  files=1
  as_without $reads:error=EIO:when=1 "$large" --retries=1 "$large"
  fails_with 74 'Input/output error' $reads:error=EIO:when=1..2 "$large" \
    -c --retries=1 "$large"
  fails_with 74 'Input/output error' $reads:error=EIO:when=1 "$large" \
    -c --retries=0 "$large"
  as_without $reads:error=EIO:when=1..4 "$small" --retries=4 "$small"
}

@test "--retries takes a number" {
  local word
  for word in x -1 1.5 ''; do
    pf -e hello --retries="$word" "$small"
    assert_usage_error '--retries takes a number'
  done
}

@test "opening fails twice: as if it had not; three times: 75" {
  as_without openat:error=EMFILE:when=1..2 "$large" -c "$large" "$small"
  as_without openat:error=EAGAIN:when=1..2 "$small" -c "$large" "$small"
  files=2
  fails_with 75 'Resource temporarily unavailable' \
    openat:error=EAGAIN:when=1..3 "$small" -c "$large" "$small"
  assert_output "$large:120000"
  # Nobody else has a descriptor that would come back.
  files=1
  fails_with 75 'Too many open files' openat:error=EMFILE:when=1..3 "$small" \
    -c "$small"
  fails_with 75 'Too many open files in system' \
    openat:error=ENFILE:when=1..3 "$small" -c "$small"
}

@test "what is interrupted is begun again, and is no try" {
  as_without openat:error=EINTR:when=1..4 "$small" --retries=0 -c "$small"
  as_without openat:error=EINTR:when=1..4 "$tree"/b --retries=0 -r "$tree"
}

@test "no such file is no matter of time" {
  pf --retries=65536 -e hello missing
  assert_failure 66
}

@test "lists and directories are tried again, too" {
  as_without $reads:error=EIO:when=1..2 "$list" -c -T "$list"
  as_without openat:error=ENFILE:when=1..2 "$list" -c -T "$list"
  as_without openat:error=EMFILE:when=1..2 "$tree"/b -r "$tree"
  as_without getdents64:error=EIO:when=1..2 "$tree"/b -r "$tree"
  files=1
  fails_with 74 'Input/output error' $reads:error=EIO:when=1..3 "$list" -T "$list"
  files=3
  fails_with 74 'Input/output error' getdents64:error=EIO:when=1..3 "$tree"/b -r "$tree"
  assert_output "$tree/a:1:1: hello
$tree/d:1:1: hello"
}

@test "glossaries are tried again, too" {
  # They are read before the threads of a run are there.
  same_in_every_way() { runs "$@"; }
  cp "$small" "$kept/terms"
  as_without $reads:error=EIO:when=1..2 "$kept/terms" -c -g "$kept/terms" "$small"
  as_without openat:error=EMFILE:when=1..2 "$kept/terms" -c -g "$kept/terms" "$small"
  "$PFGLOSSARY" build -o "$kept/terms.pfg" "$kept/terms"
  as_without openat:error=EMFILE:when=1..2 "$kept/terms.pfg" \
    -c -g "$kept/terms.pfg" "$small"
  with_faults $reads:error=EIO:when=1..3 "$kept/terms" -g "$kept/terms" "$small"
  assert_failure 74
  assert_messages "pfproc: $kept/terms: Input/output error"
  with_faults $reads:error=EIO:when=1 "$kept/terms" -g "$kept/terms" \
    --retries=0 "$small"
  assert_failure 74
}

@test "--stats counts what was tried again, for files and for glossaries" {
  cp "$small" "$kept/terms"
  with_faults $reads:error=EIO:when=1..2 "$small" --stats="$kept/stats" \
    -e hello "$small"
  assert_success
  grep -q '"retries": 2,' "$kept/stats"
  with_faults $reads:error=EIO:when=1..2 "$kept/terms" --stats="$kept/stats" \
    -g "$kept/terms" "$small"
  assert_success
  grep -q '"retries": 2,' "$kept/stats"
}

@test "a signal ends the tries" {
  ended() {
    local pid
    # Reading its own memory at address 0 fails for ever.
    "$PFPROC" --retries=65536 -e hello small /proc/self/mem "${way[@]}" \
      >"$kept/out" 2>"$kept/err" &
    pid=$!
    sleep 0.5
    kill -TERM "$pid"
    status=0
    wait "$pid" || status=$?
    assert_equal "$status" 143
  }
  each_way ended
}

# least_descriptors ARGUMENT...: sets $most to how many let pfproc do one file.
least_descriptors() {
  for most in {6..40}; do
    if prlimit --nofile=$most "$PFPROC" --retries=0 -c "$@" \
      >/dev/null 2>&1; then
      return
    fi
  done
  fail 'not even 40 descriptors are enough'
}

@test "a descriptor for one of eight: the others wait for it" {
  local i
  mkdir "$kept/many"
  # What each comes to must wait for its turn.
  for ((i = 0; i < 16; i++)); do
    seq -f "hello %g hello hello $i hello" 5000 >"$kept/many/$i"
  done
  pf -e hello -r "$kept/many" -j1
  assert_success
  mv "$out" "$kept/alone"
  starved() {
    local most mode=${way[0]} extra
    least_descriptors -e hello small "$mode" -j8
    for extra in 0 1 3 7; do
      only_runs prlimit --nofile=$((most + extra)) "$PFPROC" -e hello \
        -r "$kept/many" "${way[@]}" --memory=4M
      assert_equal "$(cat "$err")" ''
      same_file "$kept/alone" "$out" "$most descriptors and $extra"
    done
  }
  each_way starved
}

@test "an output that does not block is waited for" {
  mkfifo "$kept/fifo"
  waited_for() {
    (
      sleep 0.2
      exec cat "$kept/fifo" >"$kept/got"
    ) &
    runs perl -MFcntl -MPOSIX -e 'sysopen F, shift, O_RDWR | O_NONBLOCK or die;
      POSIX::dup2 (fileno (F), 1); exec @ARGV' \
      "$kept/fifo" "$PFPROC" -e hello large "${way[@]}"
    assert_success
    assert_messages
    wait
    same_file "$kept/sound" "$kept/got" 'through the pipe'
  }
  pf -e hello large -j1
  cp "$out" "$kept/sound"
  each_way waited_for
}
