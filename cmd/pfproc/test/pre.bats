# --pre: a program shows what is in a file.

load helper

setup() {
  common_setup
  mkdir "$kept/bin"
  PATH=$kept/bin:$PATH
  lines_of a 'uryyb jbeyq'
  lines_of b 'hello'
  program rot13 'tr a-z n-za-m'
}

# program NAME LINE...: a shell script that PATH leads to.
program() {
  local name=$kept/bin/$1
  shift
  lines_of "$name" '#!/bin/sh' "$@"
  chmod +x "$name"
}

@test "--pre: what the program prints is searched" {
  ways --pre=rot13 -e hello a b
  assert_success
  assert_messages
  assert_output 'a:1:1: hello'
  ways --pre="$kept/bin/rot13" -e hello -c a b
  assert_output 'a:1'
}

@test "--pre: it gets the name, and the file on standard input" {
  program show 'echo "name $1 of $#"' 'cat'
  lines_of -x hello
  lines_of names -x b
  ways --pre=show -e name -e hello -T names
  assert_success
  assert_output '-x:1:1: name
-x:2:1: hello
b:1:1: name
b:2:1: hello'
  ways --pre=show --lines -H -e name -T names
  assert_output $'-x:name ./-x of 1\nb:name b of 1'
}

@test "--pre: its failure is the file's, and what came before is kept" {
  program half 'echo hello' 'echo "no good" >&2' 'exit 3'
  ways --pre=half -e hello a b
  assert_failure 65
  assert_output $'a:1:1: hello\nb:1:1: hello'
  assert_messages 'pfproc: a: half: exit status 3: no good' \
    'pfproc: b: half: exit status 3: no good' \
    'pfproc: 2 of 2 files failed; first: a: half: exit status 3: no good'
  program silent 'exit 1'
  ways --pre=silent -e hello a
  assert_failure 65
  assert_message 'pfproc: a: silent: exit status 1'
  program dies 'echo hello' 'kill -9 $$'
  ways --pre=dies -e hello a
  assert_failure 65
  assert_output a:1:1:' hello'
  assert_message 'pfproc: a: dies: killed by signal 9'
  ways --pre=half --fail-fast -e hello a b
  assert_failure 65
  assert_output 'a:1:1: hello'
}

@test "--pre: what it says are messages" {
  program says 'echo one >&2' 'printf "two\\033\\n" >&2' 'cat'
  ways --pre=says -e hello b
  assert_success
  assert_output 'b:1:1: hello'
  assert_messages 'pfproc: b: says: one' 'pfproc: b: says: two '
  program trace 'echo trace >&2' 'echo reason >&2' 'exit 2'
  ways --pre=trace -e hello b
  assert_failure 65
  assert_messages 'pfproc: b: trace: trace' 'pfproc: b: trace: reason' \
    'pfproc: b: trace: exit status 2: trace' \
    'pfproc: 1 of 1 files failed; first: b: trace: exit status 2: trace'
  # More than a pipe holds, and than is kept.
  program floods 'seq 100000 >&2' 'cat'
  ways --pre=floods -e hello b
  assert_success
  assert_output 'b:1:1: hello'
  assert_equal "$(wc -l <"$err")" 10
}

@test "--pre: no such program" {
  pf --pre=nowhere -e hello b
  assert_usage_error '--pre: no such program: nowhere'
  lines_of plain 'echo'
  pf --pre=./plain -e hello b
  assert_usage_error '--pre: no such program: ./plain'
  pf --pre= -e hello b
  assert_usage_error '--pre: no such program: '
}

@test "--pre: no such file, no right to read it" {
  ways --pre=rot13 -e hello missing a
  assert_failure 66
  assert_output 'a:1:1: hello'
  ways --pre=rot13 --ignore-missing -e hello missing a
  assert_success
  chmod 0 b
  runs "${unprivileged[@]}" "$PFPROC" --pre=rot13 -e hello b a
  assert_failure 77
  assert_output 'a:1:1: hello'
}

@test "--pre: not for standard input; only for some" {
  input=b ways --pre=rot13 -e hello -
  assert_success
  assert_output '(standard input):1:1: hello'
  lines_of c.rot uryyb
  ways --pre=rot13 --pre-glob='*.rot' -e hello a b c.rot
  assert_output $'b:1:1: hello\nc.rot:1:1: hello'
  ways --pre=rot13 --pre-glob='*.rot' --pre-glob=a -e hello a b c.rot
  assert_output $'a:1:1: hello\nb:1:1: hello\nc.rot:1:1: hello'
  pf --pre-glob='*.rot' -e hello a
  assert_usage_error '--pre-glob makes no sense without --pre'
}

@test "--pre: much output; a program that reads nothing" {
  program much 'seq -f "hello %.0f" 300000'
  ways --pre=much -c -e hello a b
  assert_success
  assert_output $'a:300000\nb:300000'
  seq 100000 >big
  ways --pre=much -c -e hello big
  assert_output big:300000
}

@test "--pre: who is not read to the end is ended" {
  program endless 'echo $$ >>"$PIDS"' 'echo hello' 'yes' 'echo never'
  program waits 'echo $$ >>"$PIDS"' 'echo hello' 'yes x | head -c 200000' 'sleep 600'
  export PIDS=$kept/pids
  local name
  for name in endless waits; do
    ways --pre=$name -l -e hello a b
    assert_success
    assert_messages
    assert_output $'a\nb'
    ways --pre=$name -q -e hello a b
    assert_success
  done
  while read -r name; do
    run kill -0 "$name"
    assert_failure
  done <"$PIDS"
}

@test "--pre: what is there is searched, though more may come" {
  mkfifo never
  # Opened both ways: nothing is written, and there is no end.
  program waits 'echo $$ >>"$PIDS"' 'echo hello' 'exec cat <>never'
  export PIDS=$kept/pids
  local name real=$PFPROC
  PFPROC=$kept/bin/patient
  program patient "exec timeout 60 $real \"\$@\""
  ways --pre=waits -q -e hello a b
  assert_success
  ways --pre=waits -l -e hello a b
  assert_success
  assert_output $'a\nb'
  ways --pre=waits -m1 -e hello a b
  assert_success
  assert_messages
  assert_output $'a:1:1: hello\nb:1:1: hello'
  while read -r name; do
    run kill -0 "$name"
    assert_failure
  done <"$PIDS"
}

@test "--pre: matches appear as they come, each file's in its turn" {
  program waits 'echo hello' "exec cat $kept/\$1"
  as_they_come() {
    local pid status=0
    rm -f "$kept/a" "$kept/b"
    mkfifo "$kept/a" "$kept/b"
    # Opened both ways, or opening would wait for a reader.
    exec 8<>"$kept/a" 9<>"$kept/b"
    "$PFPROC" --pre=waits -e hello a b "${way[@]}" >"$out" 2>"$err" 8>&- 9>&- &
    pid=$!
    soon holds "$out" 'a:1:1: hello'
    echo 'two hello' >&8
    soon holds "$out" $'a:1:1: hello\na:2:5: hello'
    exec 8>&-
    soon holds "$out" $'a:1:1: hello\na:2:5: hello\nb:1:1: hello'
    echo 'two hello' >&9
    soon holds "$out" $'a:1:1: hello\na:2:5: hello\nb:1:1: hello\nb:2:5: hello'
    exec 9>&-
    wait $pid || status=$?
    assert_equal $status 0
  }
  each_way as_they_come
}

@test "--pre: a signal ends the programs, too" {
  program waits 'echo $$ >>"$PIDS"' 'sleep 600'
  export PIDS=$kept/pids
  interrupted() {
    : >"$PIDS"
    "$PFPROC" --pre=waits -e hello a b "${way[@]}" >"$out" 2>"$err" &
    local pid=$! status=0 child
    soon test -s "$PIDS"
    kill -TERM $pid
    wait $pid || status=$?
    assert_equal $status 143
    while read -r child; do
      run kill -0 "$child"
      assert_failure
    done <"$PIDS"
  }
  each_way interrupted
}

@test "--pre: many files, and few descriptors" {
  local i
  mkdir many
  for ((i = 0; i < 100; i++)); do
    lines_of many/$i uryyb
  done
  ways --pre=rot13 -r -l -e hello many
  assert_success
  assert_equal "${#lines[@]}" 100
  limited() {
    only_runs bash -c 'ulimit -n 64; exec "$@"' - "$PFPROC" --pre=rot13 -r -c \
      -e hello many "${way[@]}"
    load_outputs
    assert_success
    assert_equal "${#lines[@]}" 100
  }
  each_way limited
}

@test "--pre: other options" {
  ways --pre=rot13 -e hello --total a b
  assert_output $'hello\t1\t1'
  printf 'hello\tbye\n' >g.tsv
  ways --pre=rot13 -g g.tsv --replace a
  assert_output 'bye world'
  ways --pre=rot13 -m1 -c -e hello a
  assert_output a:1
  ways --pre=rot13 --retries=0 --stats=/dev/null -L -e hello a b
  assert_output b
  program wide 'iconv -f UTF-8 -t UTF-16'
  ways --pre=wide -e hello b
  assert_output 'b:1:1: hello'
  program bin 'printf "a\\000hello"'
  ways --pre=bin -e hello b
  assert_message 'pfproc: 1 binary file skipped; first: b'
  local option
  for option in --in-place --output-dir=o --diff; do
    pf --pre=rot13 -g g.tsv --replace $option a
    assert_usage_error "--pre makes no sense with ${option%=*}"
  done
  pf --pre=rot13 --journal=j --output=o -e hello a
  assert_usage_error '--pre makes no sense with --journal'
  pf --pre=rot13 -z -e hello a
  assert_usage_error '--pre makes no sense with --search-zip'
}

@test "--pre: it inherits no descriptors" {
  program fds 'ls /proc/self/fd | cat'
  only_runs fds a
  cp "$out" "$kept/wanted"
  ways --pre=fds --lines --boundary=none -e 0 -e 1 -e 2 -e 3 -e 4 -e 5 -e 6 -e 7 \
    -e 8 -e 9 a
  same_file "$kept/wanted" "$out" descriptors
}
