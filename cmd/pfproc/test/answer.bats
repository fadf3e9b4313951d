# --check, --expect and -q: the exit status as an answer.

load helper

setup() {
  common_setup
  lines_of hit 'x hello'
  lines_of miss 'nothing'
  lines_of large 'nothing'
  head -c 2000000 /dev/zero | tr '\0' ' ' >>large
}

@test "without them: 0 whether anything matched or not" {
  ways -e hello hit
  assert_success
  ways -e hello miss
  assert_success
}

@test "--check: 1 where anything matched; the output is the same" {
  ways --check -e hello miss hit
  assert_failure 1
  assert_output 'hit:1:3: hello'
  assert_messages
  ways --check -e hello miss miss
  assert_success
  assert_output ''
  ways --check -c -e hello miss hit
  assert_failure 1
  assert_output hit:1
  ways --check --total -e hello hit miss
  assert_failure 1
  assert_output $'hello\t1\t1'
  ways --check -L -e hello hit miss
  assert_failure 1
  assert_output miss
}

@test "--expect: 1 where nothing matched" {
  ways --expect -e hello miss
  assert_failure 1
  assert_output ''
  assert_messages
  ways --expect -e hello miss hit
  assert_success
  assert_output 'hit:1:3: hello'
  ways --expect -l -e hello miss
  assert_failure 1
}

@test "-q: 0 where anything matched, 1 where nothing, and no output" {
  ways -q -e hello miss hit
  assert_success
  assert_output ''
  assert_messages
  ways --quiet -e hello miss
  assert_failure 1
  assert_output ''
  assert_messages
  ways -q --expect -e hello miss
  assert_failure 1
}

@test "-q --check: the other way round" {
  ways -q --check -e hello miss hit
  assert_failure 1
  assert_output ''
  ways -q --check -e hello miss
  assert_success
}

@test "-q: the first event in input order decides, whatever is quicker" {
  ways -q -e hello large large hit missing
  assert_success
  assert_messages
  ways -q -e hello large large missing hit
  assert_failure 66
  assert_message 'pfproc: missing: No such file or directory'
  ways -q --check -e hello large hit missing
  assert_failure 1
  assert_messages
  ways -q --check -e hello large missing hit
  assert_failure 66
}

@test "-q: one match among very many files is enough" {
  local i
  for ((i = 0; i < 500; i++)); do echo miss; done >list
  echo hit >>list
  for ((i = 0; i < 500; i++)); do echo missing; done >>list
  ways -q -e hello -T list
  assert_success
  assert_messages
}

@test "-q stops as soon as the answer is certain: names" {
  # The list never ends.
  endless() {
    runs bash -c '{ echo miss; echo hit; exec yes missing; } |
      "$PFPROC" -q -e hello "$@"' - "${way[@]}"
    assert_success
    assert_messages
  }
  # Fork-join reads a list to its end first.
  for jobs in 1 2 8; do
    way=(--mode=pipeline -j$jobs)
    endless
  done
  way=(-j8)
  endless
}

@test "-q stops as soon as the answer is certain: a document" {
  endless() {
    runs bash -c 'yes "say hello" | "$PFPROC" -q -e hello - missing "$@"' - \
      "${way[@]}"
    assert_success
    assert_messages
  }
  each_way endless
}

@test "-q says nothing about binaries, but of errors" {
  printf 'a\0hello' >binary
  ways -q -e hello binary
  assert_failure 1
  assert_messages
  ways -q -e hello binary missing
  assert_failure 66
  assert_message 'pfproc: missing: No such file or directory'
}

@test "--check and --expect ask for matches, not for lines of output" {
  lines_of miss x
  ways -L --expect -e hello miss
  assert_failure 1
  assert_output miss
  ways -L --check -e hello miss
  assert_success
  assert_output miss
}
