#!/usr/bin/env bats
# pfproc:ignore, pfproc:off and pfproc:on in files.

load helper

setup() {
  common_setup
}

# long N CHARACTER: a line's middle.
long() {
  head -c "$1" /dev/zero | tr '\0' "$2"
}

@test "markers: a line with pfproc:ignore has no matches" {
  lines_of f 'cat' 'cat # pfproc:ignore' '<!-- pfproc:ignore--> cat' cat
  ways -e cat f
  assert_success
  assert_messages
  assert_output 'f:1:1: cat
f:4:1: cat'
}

@test "markers: neither has what lies between pfproc:off and pfproc:on" {
  lines_of f cat 'cat pfproc:off' cat '' 'cat pfproc:on cat' cat 'pfproc:off' cat
  ways -e cat f
  assert_output 'f:1:1: cat
f:6:1: cat'
  lines_of g cat
  ways -e cat f g
  assert_line 'g:1:1: cat'
}

@test "markers: on without off, off twice, off and on in one line" {
  lines_of f 'cat pfproc:on' 'pfproc:off pfproc:on cat' 'cat' 'pfproc:off' \
    'pfproc:off' 'pfproc:on' 'cat' 'pfproc:on pfproc:off' cat
  ways -e cat f
  assert_output 'f:1:1: cat
f:3:1: cat
f:7:1: cat'
}

@test "markers: what only looks like one is none" {
  lines_of f 'cat pfproc:ignored' 'cat pfproc:offset' 'cat pfproc:on_' \
    'cat pfproc: ignore' 'cat PFPROC:ignore' 'cat pfproc:ignore'
  ways -e cat -c f
  assert_output f:5
}

@test "markers: a match across lines goes where one of them goes" {
  lines_of f 'big' 'cat pfproc:ignore' 'pfproc:ignore big' 'cat' 'big' cat
  ways -e 'big cat' f
  assert_output 'f:5:1: big cat'
}

@test "markers: behind a match, one counts that begins within 4096 bytes" {
  {
    printf 'cat%spfproc:ignore\n' "$(long 4096 .)"
    printf 'cat%spfproc:ignore\n' "$(long 4097 .)"
    printf 'pfproc:ignore%scat\n' "$(long 100000 .)"
    printf 'pfproc:off%s\n' "$(long 300000 .)"
    printf 'cat\npfproc:on%s\ncat\n' "$(long 300000 .)"
  } >f
  ways -e cat f
  assert_output 'f:2:1: cat
f:7:1: cat'
}

@test "markers: no action sees what does not count" {
  lines_of f 'cat pfproc:ignore' 'cat dog' 'dog pfproc:ignore'
  lines_of g 'cat pfproc:ignore'
  ways -e cat -e dog -c f g
  assert_output f:2
  ways -e cat -e dog --total f g
  assert_output "cat	1	1
dog	1	1"
  ways -e cat --count-terms --format=tsv f g
  assert_output "f	cat	1"
  ways -e cat -l f g
  assert_output f
  ways -e cat -L f g
  assert_output g
  ways -e cat -q g f
  assert_success
  ways -e cat -q g
  assert_failure 1
}

@test "markers: --no-ignore takes them for text" {
  lines_of f 'cat pfproc:ignore' 'pfproc:off' cat
  ways --no-ignore -e cat -e pfproc f
  assert_output 'f:1:1: cat
f:1:5: pfproc
f:2:1: pfproc
f:3:1: cat'
  pf --no-ignore=x -e cat f
  assert_usage_error 'option takes no value: --no-ignore=x'
}

@test "markers: with every encoding, and in what is taken raw" {
  printf 'cat pfproc:ignore\r\ncat\r\n' >crlf
  printf '\xef\xbb\xbfpfproc:off cat\npfproc:on\ncat' >bom
  printf 'cat pfproc:ignore\ncat\n' | iconv -f UTF-8 -t UTF-16 >wide
  printf 'cat\0 pfproc:ignore\ncat\0' >raw
  ways -e cat crlf bom wide
  assert_output 'crlf:2:1: cat
bom:3:1: cat
wide:2:1: cat'
  ways -a -e cat raw
  assert_output 'raw:2:1: cat'
}

@test "markers: at the very ends of a file" {
  printf 'cat\npfproc:off' >f
  printf 'cat pfproc:on' >g
  printf 'cat pfproc:ignore' >h
  printf 'pfproc:ignore' >i
  ways -e cat f g h i
  assert_output 'f:1:1: cat
g:1:1: cat'
}

@test "markers: in large files, whatever is worked by whom" {
  awk 'BEGIN {
    srand (5)
    for (i = 0; i < 300000; i++) {
      r = rand ()
      line = "some cat in line " i
      if (r < 0.0001) line = line " pfproc:off"
      else if (r < 0.0002) line = line " pfproc:on"
      else if (r < 0.01) line = "pfproc:ignore " line
      else if (r < 0.02) line = line " pfproc:ignore"
      print line
    }
  }' >many
  awk '/pfproc:off/ { off = 1 }
    !off && !/pfproc:ignore/ { print NR }
    /pfproc:on/ { off = 0 }' many >"$kept/wanted"
  ways -e cat many
  cut -d: -f2 "$out" >"$kept/seen"
  same_file "$kept/wanted" "$kept/seen" 'lines'
  [ "$(wc -l <"$kept/wanted")" -gt 1000 ]
  ways -e cat -c many
  assert_output "many:$(wc -l <"$kept/wanted")"
}

@test "markers: a large file whose only match is at its end" {
  { for i in 1 2 3 4; do long 700000 x; printf '\n'; done; echo 'pfproc:off cat'
    long 700000 y; printf '\ncat pfproc:on\ncat\n'; } >f
  ways -e cat f
  assert_output 'f:8:1: cat'
  ways -e cat -l f
  assert_output f
}

@test "markers: on a pipe, a match appears when its line is over" {
  mkfifo pipe
  "$PFPROC" -e cat - <pipe >result &
  exec 8>pipe
  printf 'cat pfproc:ignore\ncat\npfproc:off cat\n' >&8
  soon holds result '(standard input):2:1: cat'
  printf 'cat pfproc:' >&8
  printf 'on\ncat' >&8
  printf ' dog\n' >&8
  soon holds result '(standard input):2:1: cat
(standard input):5:1: cat'
  exec 8>&-
  wait
}

@test "markers: the built-in glossary, too" {
  lines_of f 'recieve pfproc:ignore' recieve
  pf f
  assert_output 'f:2:1: recieve -> receive'
}
