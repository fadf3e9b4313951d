# The command line itself. What is refused, and why, is in errors.bats.

load helper

setup() {
  common_setup
  lines_of a 'say hello'
  lines_of b 'hello'
}

@test "--help names every option, in groups" {
  pf --help
  assert_success
  assert_messages
  local option group
  for option in -T -0 -r -R --hidden -a --binary= -g -e --lenient --allow-empty \
    -i --boundary= --overlapping --space= --word-chars= --find -c \
    --count-terms --total -l -L --lines --annotate --replace --first-value \
    --no-preserve-case --template= --standalone --first-only --diff \
    --output= --format= --header -Z --zero --top= --group-by= \
    -m -A -B -C --color -j --mode= --schedule= \
    --readers= --fail-fast --memory= --stats --check --expect -q --verbose -h -V -F -H -n -o -w -f; do
    grep -qE -- "^ +(-., )?( *)$option" "$out" || fail "$option is not there"
  done
  for option in --files-from= --null --recursive --dereference-recursive --text \
    --glossary= --term= --ignore-case --count --files-with-matches \
    --files-without-match --max-count= --after-context= \
    --before-context= --context= --with-filename --line-number --jobs= --quiet --help --version; do
    assert_output --partial ", $option"
  done
  for group in Input Glossary Matching Action Output Execution 'Exit status'; do
    assert_line --regexp "^$group"
  done
  assert_line --index 0 'Usage: pfproc [OPTION]... [FILE]...'
}

@test "--help lists no option that is not accepted, and none twice" {
  pf --help
  local option
  grep -oE '^ +-[^ ]+( --[^ ]+)?' "$out" | grep -oE -- '-[-A-Za-z0-9]+' \
    >"$kept/options"
  assert_equal "$(sort "$kept/options" | uniq -d)" ''
  while read -r option; do
    pf "$option" x --help
    refute_message_part 'unknown option'
  done <"$kept/options"
}

@test "--version: one line" {
  pf --version
  assert_success
  assert_equal "${#lines[@]}" 1
  assert_output --regexp \
    '^pfproc [0-9.]+ \(libuv [0-9.]+, GLib [0-9.]+, Unicode [0-9.]+\)$'
  pf -V
  assert_output --regexp '^pfproc '
}

@test "--help and --version touch nothing" {
  pf --help missing -g none
  assert_success
  pf -e hello a --version
  assert_success
  refute_output --partial hello
}

@test "short options cluster and take their value attached or apart" {
  for given in '-qj 8' '-qj8' '-q -j8' '-q -j 8'; do
    # shellcheck disable=SC2086
    pf $given -e hello a
    assert_success
    assert_output ''
  done
  pf -cie HELLO a b
  assert_output $'a:1\nb:1'
  pf -cieHELLO a b
  assert_output $'a:1\nb:1'
}

@test "long options take = or a space, and may be shortened" {
  for given in --jobs=8 '--jobs 8' -j8 '-j 8' --job=8; do
    # shellcheck disable=SC2086
    pf $given --term hello --format tsv --count a
    assert_output $'a\t1'
  done
  pf --total --count-t -e hello a
  assert_failure 64
}

@test "options and files may mix" {
  pf a -e hello b -c
  assert_success
  assert_output $'a:1\nb:1'
}

@test "POSIXLY_CORRECT changes nothing" {
  POSIXLY_CORRECT=1 pf a -e hello b -c
  assert_output $'a:1\nb:1'
}

@test "-- ends options" {
  lines_of ./-c hello
  pf -e hello -- -c a
  assert_success
  assert_output $'-c:1:1: hello\na:1:5: hello'
  pf -e hello a -- --
  assert_failure 66
  assert_message 'pfproc: --: No such file or directory'
}

@test "the value of an option may begin with -" {
  printf -- '-x y' >text
  pf -e -x text
  assert_output 'text:1:1: -x'
  pf --term=-x text
  assert_output 'text:1:1: -x'
  pf --term -x text
  assert_output 'text:1:1: -x'
}

@test "of an option given twice, the last counts" {
  pf -e hell --boundary=none --boundary=word -c a
  assert_output ''
  pf -e hell --boundary=word --boundary=none -c a
  assert_output 'a:1'
  pf -j1 -j many -e hello a
  assert_failure 64
}

@test "-j: 0 and none are as many as there are processors" {
  for given in -j0 --jobs=0 -j1 -j64 -j200; do
    pf $given -c -e hello a b
    assert_success
    assert_output $'a:1\nb:1'
  done
}

@test "modes, schedules, readers, memory: accepted, and all the same" {
  for given in --mode=auto --mode=fork-join --mode=pipeline \
    --schedule=stealing --schedule=static --readers=3 \
    '--mode=pipeline --readers=9' '--mode=fork-join --schedule=static' \
    '--mode=pipeline --schedule=static' \
    --memory=1 --memory=64K --memory=1m --memory=2G --memory=1T; do
    # shellcheck disable=SC2086
    pf $given -c -e hello a b
    assert_success
    assert_output $'a:1\nb:1'
  done
}

@test "--fail-fast: accepted everywhere, and nothing without an error" {
  for given in '' -c --total -q '--mode=pipeline --check' --output=o; do
    # shellcheck disable=SC2086
    pf --fail-fast $given -e none a b
    refute [ "$status" -ge 2 ]
    assert_output ''
  done
}

@test "actions: each by itself" {
  for given in --find -c --count --count-terms --total -l \
    --files-with-matches -L --files-without-match; do
    pf $given -e hello a
    assert_success
  done
  # The same one twice is no conflict.
  pf -c -c -e hello a
  assert_output a:1
}

@test "nothing depends on the locale" {
  printf 'é É\xff ß' >text
  for locale in C C.UTF-8 POSIX tr_TR.UTF-8 none; do
    LC_ALL=$locale pf -i -e É -e SS text
    assert_success
    assert_output $'text:1:1: é\ntext:1:4: É'
  done
}
