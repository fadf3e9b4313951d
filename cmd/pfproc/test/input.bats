# Where names and documents come from, and that both are worked as they come.

load helper

setup() {
  common_setup
  lines_of a 'a hello'
  lines_of b 'b hello'
  lines_of c 'c hello'
}

teardown() {
  exec 8>&- 9>&-
  [ -z "${runner-}" ] || kill "$runner" 2>/dev/null || true
}

a='a:1:3: hello'
b='b:1:3: hello'
c='c:1:3: hello'

# in_background COMMAND...: its input is the file $input, its output goes to the
# file result, its messages to the file errors; what is held open here is not
# held open there.
in_background() {
  : >result
  (
    exec 3>&- 8>&- 9>&-
    exec timeout 120 "$@" <"${input-/dev/null}" >result 2>errors
  ) &
  runner=$!
}

finished() {
  status=0
  wait "$runner" || status=$?
  runner=
  output=$(cat result) stderr=$(cat errors)
}

# --- names ---

@test "FILE and -T keep their order on the command line" {
  lines_of one b
  lines_of two c a
  ways -e hello c -T one a --files-from=two b --files-from one
  assert_success
  assert_output "$c
$b
$a
$c
$a
$b
$b"
}

@test "names from standard input where there are none else" {
  lines_of "$kept/list" b a
  input=$kept/list ways -e hello
  assert_success
  assert_output "$b"$'\n'"$a"
  input=$kept/list ways -e hello -T -
  assert_output "$b"$'\n'"$a"
  input=$kept/list ways -e hello c -T - c
  assert_output "$c"$'\n'"$b"$'\n'"$a"$'\n'"$c"
}

@test "standard input is left alone where files are named" {
  lines_of "$kept/list" b
  input=$kept/list ways -e hello a
  assert_output "$a"
}

@test "no names and a terminal: usage" {
  run script -qec "'$PFPROC' -e hello" /dev/null
  assert_failure 64
  assert_output --partial 'no files: name some, or pipe in a list of names'
}

@test "a last name without its line break counts" {
  printf 'a\nb' >"$kept/list"
  input=$kept/list ways -e hello
  assert_output "$a"$'\n'"$b"
  printf 'a\0b' >"$kept/list"
  input=$kept/list ways -0 -e hello
  assert_output "$a"$'\n'"$b"
}

@test "names are bytes: spaces, quotes, CR, bad UTF-8" {
  local name names=('two words' ' lead' 'q"q' "q'q" 'back\slash' '*' $'tab\t'
    $'lat\xe9n' 'naïve' $'cr\r' '#comment')
  for name in "${names[@]}"; do lines_of "$name" hello; done
  printf '%s\n' "${names[@]}" >"$kept/list"
  input=$kept/list ways -c -e hello
  assert_success
  printf '%s:1\n' "${names[@]}" | sed 's/\r/\\r/' >"$kept/wanted"
  same_file "$kept/wanted" "$out" 'counts'
  input=$kept/list ways -l -e hello
  same_file "$kept/list" "$out" 'names'
}

@test "-0: names end in NUL, in lists and on standard input" {
  lines_of $'x\ny' hello
  printf 'a\0x\ny\0' >list
  printf 'b\0' >"$kept/list"
  input=$kept/list ways -0 -e hello -T list -T -
  assert_output "$a"$'\nx\\ny:1:1: hello\n'"$b"
  input=$kept/list ways --null -e hello
  assert_output "$b"
}

@test "a name given twice is processed twice" {
  ways -e hello a a
  assert_output "$a"$'\n'"$a"
}

@test "a list on a FIFO" {
  mkfifo list
  for mode in auto fork-join pipeline; do
    printf 'b\na\n' >list 3>&- &
    pf -e hello --mode=$mode -T list
    assert_success
    assert_output "$b"$'\n'"$a"
    wait
  done
}

# --- directories ---

make_tree() {
  mkdir -p tree/dir/deep tree/.hid tree/empty
  local name
  for name in tree/b tree/B tree/a.txt tree/a-b tree/dir/x tree/dir/deep/y \
    tree/.hidden tree/.hid/z tree/é tree/dir.c; do
    lines_of "$name" hello
  done
  ln -s dir tree/link
  ln -s b tree/linkb
  ln -s . tree/dir/loop
  mkfifo tree/fifo
}

@test "-r: regular files, in byte order of names, nothing hidden, no links" {
  make_tree
  ways -r -l -e hello tree
  assert_success
  assert_output 'tree/B
tree/a-b
tree/a.txt
tree/b
tree/dir/deep/y
tree/dir/x
tree/dir.c
tree/é'
  assert_messages
}

@test "-r --hidden: hidden ones, too" {
  make_tree
  ways -r --hidden -l -e hello tree
  assert_line --index 0 tree/.hid/z
  assert_line --index 1 tree/.hidden
  assert_equal "${#lines[@]}" 10
}

@test "-R: links are followed, each file once" {
  make_tree
  ways -R -l -e hello tree
  assert_success
  assert_output 'tree/B
tree/a-b
tree/a.txt
tree/b
tree/dir/deep/y
tree/dir/x
tree/dir.c
tree/é'
  ln -s ../tree2 tree/away
  mkdir tree2
  lines_of tree2/w hello
  ln tree/b tree2/b2
  ways -R -l -e hello tree
  # The first name under which a file is met is the one that counts.
  assert_line tree/away/w
  assert_line tree/away/b2
  refute_line tree/b
  refute_line tree/linkb
  ways --dereference-recursive -l -e hello tree/linkb tree/b
  assert_output tree/linkb
}

@test "-r takes files, links and several directories as they are named" {
  make_tree
  ways -r -l -e hello tree/linkb a tree/link tree/.hidden tree/dir/
  assert_output 'tree/linkb
a
tree/link/deep/y
tree/link/x
tree/.hidden
tree/dir/deep/y
tree/dir/x'
}

@test "-r with nothing named: the current directory" {
  mkdir d
  lines_of d/x hello
  ways -r -l -e hello
  assert_output $'a\nb\nc\nd/x'
  ways -r -l -e hello .
  assert_output $'./a\n./b\n./c\n./d/x'
}

@test "-r and directories in a list" {
  make_tree
  lines_of list tree/dir a
  ways -r -l -e hello -T list
  assert_output $'tree/dir/deep/y\ntree/dir/x\na'
}

@test "-r: a deep tree needs no more descriptors" {
  local i path=deep
  for i in {1..60}; do path+=/d; done
  mkdir -p "$path"
  lines_of "$path/f" hello
  ways -r -c -e hello deep
  assert_output "$path/f:1"
  runs prlimit --nofile=32 "$PFPROC" -j1 -r -c -e hello deep
  assert_success
  assert_output "$path/f:1"
}

@test "-r: an empty directory has no matches and is no error" {
  mkdir empty
  ways -r -e hello empty
  assert_success
  assert_output ''
}

# --- documents ---

@test "-: a document on standard input" {
  lines_of "$kept/text" 'x' 'say hello'
  input=$kept/text ways -e hello a - b
  assert_success
  assert_output "$a
(standard input):2:5: hello
$b"
  runs bash -c 'cat "$0" | "$PFPROC" -e hello -' "$kept/text"
  assert_output '(standard input):2:5: hello'
}

@test "a file called - is ./-" {
  lines_of ./- hello
  ways -e hello ./-
  assert_output './-:1:1: hello'
}

@test "an empty document" {
  ways -c -e hello -
  assert_success
  assert_output ''
}

@test "matches across the reads of a pipe" {
  pieces() {
    runs bash -c '{ printf "hel"; sleep 0.1; printf "lo hello"; sleep 0.1
      printf "s new"; sleep 0.1; printf "\n line\nhello"; } |
      "$PFPROC" -e hello -e "new line" - "$@"' - "${way[@]}"
    assert_output '(standard input):1:1: hello
(standard input):1:14: new line
(standard input):3:1: hello'
  }
  each_way pieces
}

# --- as it comes ---

@test "a match appears before the next name is written" {
  mkfifo names
  streaming() {
    input=names in_background "$PFPROC" -e hello "$@"
    exec 9>names
    echo a >&9
    soon holds result "$a"
    echo missing >&9
    soon holds errors 'pfproc: missing: No such file or directory'
    printf 'b\nc' >&9
    soon holds result "$a"$'\n'"$b"
    exec 9>&-
    finished
    assert_failure 66
    assert_equal "$output" "$a"$'\n'"$b"$'\n'"$c"
  }
  streaming -j1
  streaming -j8
  streaming -j8 -T -
  streaming -j1 --mode=pipeline
  streaming -j8 --mode=pipeline --readers=1
}

@test "a count and a name appear before the next name is written, too" {
  mkfifo names
  streaming() {
    input=names in_background "$PFPROC" -e hello -j"$1" "$2"
    exec 9>names
    echo a >&9
    soon holds result "$3"
    echo b >&9
    soon holds result "$3"$'\n'"${3/a/b}"
    exec 9>&-
    finished
    assert_success
  }
  for jobs in 1 8; do
    streaming $jobs -c a:1
    streaming $jobs -l a
  done
}

@test "a completed line of a document appears before the next is written" {
  mkfifo text
  from_stdin() {
    input=text in_background "$PFPROC" -e hello - "${way[@]}"
    exec 9>text
    echo 'one hello' >&9
    soon holds result '(standard input):1:5: hello'
    printf 'two hello\nthree hel' >&9
    soon holds result $'(standard input):1:5: hello\n(standard input):2:5: hello'
    printf 'lo\n' >&9
    soon holds result '(standard input):1:5: hello
(standard input):2:5: hello
(standard input):3:7: hello'
    exec 9>&-
    finished
    assert_success
  }
  from_fifo() {
    in_background "$PFPROC" -e hello text "${way[@]}"
    exec 9>text
    echo 'one hello' >&9
    soon holds result 'text:1:5: hello'
    echo 'two hello' >&9
    soon holds result $'text:1:5: hello\ntext:2:5: hello'
    exec 9>&-
    finished
    assert_success
  }
  each_way from_stdin
  each_way from_fifo
}

@test "a document that is not the first: shown when its turn has come" {
  mkfifo one two
  turns() {
    in_background "$PFPROC" -e hello one two a "${way[@]}"
    # Open both ways, or opening would wait for a reader.
    exec 8<>one 9<>two
    echo 'hello' >&9
    echo 'hello' >&8
    soon holds result 'one:1:1: hello'
    exec 8>&-
    soon holds result $'one:1:1: hello\ntwo:1:1: hello'
    exec 9>&-
    finished
    assert_success
    assert_equal "$output" $'one:1:1: hello\ntwo:1:1: hello\n'"$a"
  }
  each_way turns
}

@test "what stands behind a slow document comes when it is done" {
  mkfifo slow
  head -c 500000 /dev/zero | tr '\0' ' ' >large
  behind() {
    in_background "$PFPROC" -e hello -c slow large a b c "${way[@]}"
    exec 9>slow
    echo hello >&9
    sleep 0.05
    assert_equal "$(cat result)" ''
    echo hello >&9
    exec 9>&-
    finished
    assert_equal "$output" $'slow:2\na:1\nb:1\nc:1'
  }
  each_way behind
}

@test "names in quantity while one document holds up the order" {
  # Results wait in bounded memory, and nobody waits for ever.
  mkfifo slow names
  held_up() {
    input=names in_background "$PFPROC" -e hello -c --memory="$1" -j"$2"
    exec 9>names
    echo slow >&9
    yes a | head -n 3000 >&9 &
    local feeder=$!
    exec 8>slow
    sleep 0.1
    echo hello >&8
    exec 8>&-
    wait $feeder
    exec 9>&-
    finished
    assert_success
    assert_equal "$(sort result | uniq -c | tr -s ' ' | tr '\n' ,)" \
      ' 3000 a:1, 1 slow:1,'
    assert_equal "$(head -n 1 result)" slow:1
  }
  held_up 1 1
  held_up 1 8
  held_up 16M 1
  held_up 16M 8
}

@test "names one by one: each only when the lines of the last have come" {
  local i jobs
  for i in {1..40}; do lines_of f$i hello; done
  for jobs in 1 2 8; do
    runs python3 "$PF_SRCDIR/cmd/pfproc/test/lockstep.py" 40 f%d \
      f%d:1:1:' hello' "$PFPROC" -e hello -j$jobs
    assert_success
    runs python3 "$PF_SRCDIR/cmd/pfproc/test/lockstep.py" 40 f%d f%d:1 \
      "$PFPROC" -e hello -c -j$jobs --mode=pipeline --readers=8 --memory=1
    assert_success
  done
}

@test "lines one by one: each only when the matches of the last have come" {
  by_lines() {
    runs python3 "$PF_SRCDIR/cmd/pfproc/test/lockstep.py" --gap 40 'a hello' \
      '(standard input):%d:3: hello' "$PFPROC" -e hello "${way[@]}" -
    assert_success
  }
  each_way by_lines
}
