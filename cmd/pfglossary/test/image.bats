# Images that are damaged, old, or change while they are in use.

load ../../pfproc/test/helper

setup() {
  common_setup
  printf 'alpha\tv1\nbeta\n' >g.tsv
  lines_of text 'alpha beta'
  "$PFGLOSSARY" build g.tsv
}

# poke FILE OFFSET BYTES
poke() {
  printf '%b' "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# refused FILE MESSAGE: every command refuses it.
refused() {
  for command in info dump check; do
    pfg $command "$1"
    assert_failure 65
    assert_output ''
    assert_messages "pfglossary: $1: $2"
  done
  ways -g "$1" text
  assert_failure 65
  assert_output ''
  assert_messages "pfproc: $1: $2"
}

@test "what is no image: 65" {
  cp g.tsv no.pfg
  refused no.pfg 'not a glossary image'
  : >empty.pfg
  refused empty.pfg 'not a glossary image'
  ways -g g.tsv:pfg text
  assert_failure 65
  assert_messages 'pfproc: g.tsv: not a glossary image'
}

@test "truncated: 65" {
  for size in 40 64 300 "$(($(stat -c %s g.pfg) - 1))"; do
    head -c "$size" g.pfg >cut.pfg
    refused cut.pfg 'the image is truncated'
  done
}

@test "another byte order, format or version of Unicode: 65, and what to do" {
  cp g.pfg other.pfg
  poke other.pfg 8 '\x01\x02\x03\x04'
  refused other.pfg 'the image was made on a machine of another byte order: build it again with pfglossary build'
  cp g.pfg other.pfg
  poke other.pfg 12 '\x63'
  refused other.pfg 'the image is of format version 99, not 3: build it again with pfglossary build'
}

@test "a damaged header: 65" {
  poke g.pfg 70 x
  refused g.pfg 'the image is damaged: wrong checksum of the header'
}

@test "damage inside: check finds it, and nothing crashes" {
  poke g.pfg "$(($(stat -c %s g.pfg) - 1))" x
  pfg check g.pfg
  assert_failure 65
  assert_output ''
  assert_regex "$stderr" '^pfglossary: g.pfg: the image is damaged: wrong checksum of section [0-9]+$'
  pfg dump g.pfg
  assert_success
  ways -g g.pfg text
  assert_success
}

@test "missing: 66; a directory: 66; a FIFO: 65; unreadable: 77" {
  ways -g none.pfg text
  assert_failure 66
  assert_messages 'pfproc: none.pfg: No such file or directory'
  mkdir dir.pfg
  ways -g dir.pfg text
  assert_failure 66
  assert_messages 'pfproc: dir.pfg: Is a directory'
  runs bash -c 'cat "$1" | "$0" -g -:pfg text' "$PFPROC" g.pfg
  assert_failure 65
  assert_messages 'pfproc: (standard input): an image must be a regular file'
  runs "$PFPROC" -g -:pfg text <g.pfg
  assert_success
  assert_output $'text:1:1: alpha -> v1\ntext:1:7: beta'
  chmod 0 g.pfg
  runs "${unprivileged[@]}" "$PFPROC" -g g.pfg text
  assert_failure 77
  assert_messages 'pfproc: g.pfg: Permission denied'
}

@test "an image that is replaced by a new build: who uses the old one goes on" {
  mkfifo in
  "$PFPROC" -g g.pfg - <in >"$out" 2>"$err" &
  pid=$!
  exec 8>in
  echo alpha >&8
  soon grep -q alpha "$out"
  printf 'gamma\n' >g.tsv
  pfg build g.tsv
  assert_success
  # What pfg wrote went to the same files.
  echo 'beta gamma' >&8
  exec 8>&-
  wait "$pid"
}

# A document on a pipe, so that the image is in use while it is truncated.
truncated_in_use() {
  rm -f in
  mkfifo in
  "$PFPROC" -g g.pfg "$@" - <in >"$out" 2>"$err" &
  pid=$!
  exec 8>in
}

@test "truncated while it is in use: 74 and one line" {
  truncated_in_use
  echo alpha >&8
  soon grep -q alpha "$out"
  : >g.pfg
  echo 'alpha beta' >&8
  exec 8>&-
  status=0
  wait "$pid" || status=$?
  load_outputs
  assert_equal "$status" 74
  assert_messages 'pfproc: a glossary image was truncated, or cannot be read, while it was in use'
  assert_output '(standard input):1:1: alpha -> v1'
}

@test "truncated while it is in use: unfinished output is removed" {
  mkdir place
  truncated_in_use --output=place/result
  soon grep -q g.pfg "/proc/$pid/maps"
  echo alpha >&8
  : >g.pfg
  # It may have ended already; bash would keep what it cannot write.
  env echo 'alpha beta' >&8 || true
  exec 8>&-
  status=0
  wait "$pid" || status=$?
  assert_equal "$status" 74
  assert_equal "$(ls -A place)" ''
}

@test "pfglossary: an interrupted build leaves nothing" {
  mkfifo slow
  "$PFGLOSSARY" build -o made.pfg slow >"$out" 2>"$err" &
  pid=$!
  exec 8>slow
  echo alpha >&8
  kill -TERM "$pid"
  status=0
  wait "$pid" || status=$?
  exec 8>&-
  assert_equal "$status" 143
  assert_not_exists made.pfg
  assert_no_temporary
}
