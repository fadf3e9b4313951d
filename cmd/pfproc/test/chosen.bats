#!/usr/bin/env bats
# Which files are looked through: --include, --exclude, --exclude-dir,
# --max-filesize, --ignore-missing.

load helper

setup() {
  common_setup
  mkdir -p lib/test doc
  for file in a.c a.h lib/b.c lib/b.o lib/test/c.c doc/d.txt doc/a.md; do
    echo cat >"$file"
  done
}

@test "include: only what matches, of what is walked, listed and named" {
  ways -e cat -l -r --include='*.c' .
  assert_success
  assert_output './a.c
./lib/b.c
./lib/test/c.c'
  ways -e cat -l --include='*.c' a.c a.h lib/b.c lib/b.o
  assert_output 'a.c
lib/b.c'
  find . -name 'a.*' | sort >list
  ways -e cat -l -T list --include='*.h' --include='*.md'
  assert_output './a.h
./doc/a.md'
  input=list ways -e cat -l --include='*.h'
  assert_output './a.h'
}

@test "exclude: the last pattern that matches decides" {
  ways -e cat -l -r --exclude='*.c' --include='b.*' --exclude='*.o'
  assert_output 'a.h
doc/a.md
doc/d.txt
lib/b.c'
  ways -e cat -l -r --include='*.c' --exclude='b.*'
  assert_output 'a.c
lib/test/c.c'
}

@test "exclude: a pattern with a slash is one of the path" {
  ways -e cat -l -r --exclude='lib/*' .
  assert_output './a.c
./a.h
./doc/a.md
./doc/d.txt'
  ways -e cat -l --exclude='test/?.c' lib/test/c.c lib/b.c
  assert_output lib/b.c
}

@test "exclude-dir: not walked, wherever it is" {
  chmod 0 lib/test
  ways -e cat -l -r --exclude-dir=test --exclude-dir=doc/ .
  chmod 755 lib/test
  assert_success
  assert_output './a.c
./a.h
./lib/b.c
./lib/b.o'
  ways -e cat -l -r --exclude-dir=lib lib doc
  assert_output 'doc/a.md
doc/d.txt'
  ways -e cat -l -r --exclude-dir='lib/t*' lib
  assert_output 'lib/b.c
lib/b.o'
  ways -e cat -c -r --exclude-dir='.*' .
  assert_equal ${#lines[@]} 7
}

@test "include and exclude: with -R, a link that is left out hides nothing" {
  ln -s ../a.c doc/0.x
  ways -e cat -l -R --exclude='*.x' doc a.c
  assert_output 'doc/a.md
doc/d.txt
a.c'
}

@test "include and exclude: nothing is left, and nobody is told" {
  ways -e cat --exclude='*' a.c none
  assert_success
  assert_messages
  assert_output ''
  input=a.c ways -e cat --exclude='*' -
  assert_output '(standard input):1:1: cat'
}

@test "max-filesize: larger files are passed over and counted" {
  printf 'cat 12345\n' >ten
  printf 'cat 123456\n' >eleven
  ways -e cat --max-filesize=10 -c ten eleven a.c
  assert_success
  assert_messages
  assert_output 'ten:1
a.c:1'
  ways -e cat --max-filesize=10 --verbose -l ten eleven a.c
  assert_message 'pfproc: 1 file larger than --max-filesize'
  ways -e cat --max-filesize=1 -L ten a.c
  assert_output ''
  ways -e cat --max-filesize=1K -c eleven
  assert_output eleven:1
  input=eleven ways -e cat --max-filesize=10 -c -
  assert_output ''
  pf -e cat --max-filesize=10 -c - < <(cat eleven)
  assert_output '(standard input):1'
  pf -e cat --max-filesize=0 ten
  assert_usage_error '--max-filesize takes a size'
}

@test "max-filesize: what cannot be opened is an error still" {
  ways -e cat --max-filesize=1 none ten
  assert_failure 66
}

@test "ignore-missing: names of no file are no errors" {
  ways -e cat --ignore-missing -l none a.c a.c/x doc/a.md
  assert_success
  assert_messages
  assert_output 'a.c
doc/a.md'
  ways -e cat --ignore-missing --verbose -l none a.c a.c/x
  assert_message 'pfproc: 2 files missing'
  lines_of list none a.c
  ways -e cat --ignore-missing -l -T list
  assert_success
  assert_output a.c
  input=list ways -e cat --ignore-missing -r -l -T -
  assert_output a.c
  ways -e cat --ignore-missing -q none a.c
  assert_success
  ways -e cat --ignore-missing -q none
  assert_failure 1
}

@test "ignore-missing: all other errors are errors, a list that is missing, too" {
  ways -e cat --ignore-missing -l doc a.c
  assert_failure 66
  assert_message 'pfproc: doc: Is a directory'
  ways -e cat --ignore-missing -l -T none
  assert_failure 66
  ways -e cat --ignore-missing --fail-fast -l none doc a.c
  assert_failure 66
  assert_output ''
  ways -e cat --fail-fast --ignore-missing -l none a.c
  assert_success
  assert_output a.c
}

@test "passed over: --stats counts it" {
  printf 'cat and more\n' >large
  pf -e cat --stats=s.json --max-filesize=10 --ignore-missing -c large none a.c
  assert_success
  assert_equal "$(jq -c '[.files, .files_too_large, .files_missing, .files_failed]' s.json)" \
    '[3,1,1,0]'
}
