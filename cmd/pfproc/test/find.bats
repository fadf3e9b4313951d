# --find, the default: what a match looks like, in text and in tsv.

load helper

setup() {
  common_setup
}

@test "text: PATH:LINE:COL: TEXT" {
  printf 'one\n  hello two hello\n\nhello' >file
  ways -e hello file
  assert_success
  assert_output 'file:2:3: hello
file:2:13: hello
file:4:1: hello'
  ways --find -e hello file
  assert_output --partial 'file:2:13: hello'
}

@test "columns count bytes, from 1" {
  printf 'é hello\n\tälä hello\n' >file
  ways -e hello file
  assert_output $'file:1:4: hello\nfile:2:8: hello'
}

@test "lines end in LF; a CR before it is a character of its own" {
  printf 'a\r\nhello\rhello\r\nhello' >file
  ways -e hello file
  assert_output $'file:2:1: hello\nfile:2:7: hello\nfile:3:1: hello'
}

@test "values stand behind an arrow, several joined by a comma" {
  printf 'hello\tgreeting\nhello\thi\tlabel\nhello\nbye\t\tlabel\n' >g.tsv
  printf 'hello\thi\nhello\tlast\n' >h.tsv
  lines_of file 'hello bye'
  ways -g g.tsv -g h.tsv file
  assert_output 'file:1:1: hello -> greeting, hi, last
file:1:7: bye'
}

@test "a phrase that is wrapped is one line, at its start" {
  printf 'the open\n   source  code\nopen\tsource code open source\r\ncode\n' >file
  ways -e 'open source code' file
  assert_output 'file:1:5: open source code
file:3:1: open source code
file:3:18: open source code'
}

@test "a wrapped phrase is told in tsv as it stands there" {
  printf 'the open\n  source\n' >file
  ways -e 'open source' --format=tsv file
  assert_output $'file\t1\t5\t4\t13\topen\\n  source\topen source\t\t\t-e'
}

@test "lines after a wrapped match are counted right" {
  printf 'a\nb\na\nb\nc a\n\nb c\n' >file
  ways -e 'a b' -e c file
  assert_output $'file:1:1: a b\nfile:3:1: a b\nfile:5:1: c\nfile:7:3: c'
}

@test "--space=exact: the text is shown as it is, but for control characters" {
  printf 'x a  b a\tb' >file
  printf 'a\\tb\na  b\n' >g.tsv
  ways -g g.tsv --space=exact file
  assert_output $'file:1:3: a  b\nfile:1:8: a\\tb'
}

@test "control characters in text and values are escaped" {
  printf 'a\001b \033[1m c\177d\302\205e x' >file
  printf 'a\001b\tv\\n\\t\033\\\\x\nc\177d\302\205e\nx\tplain\n' >g.tsv
  ways -g g.tsv --boundary=none --space=exact file
  assert_output 'file:1:1: a\x01b -> v\n\t\x1b\x
file:1:10: c\x7fd\xc2\x85e
file:1:17: x -> plain'
}

@test "line breaks in names are escaped, in text and in tsv" {
  lines_of $'a\nb\rc\td\\e' hello
  ways -e hello $'a\nb\rc\td\\e'
  assert_output $'a\\nb\\rc\td\\e:1:1: hello'
  ways -e hello --format=tsv $'a\nb\rc\td\\e'
  assert_output $'a\\nb\\rc\\td\\\\e\t1\t1\t0\t5\thello\thello\t\t\t-e'
}

@test "on a terminal, a name cannot drive it" {
  lines_of $'a\033[2Jb' hello
  run script -qec "'$PFPROC' -e hello -r" /dev/null
  assert_output $'a\\x1b[2Jb:1:1: hello\r'
  run script -qec "'$PFPROC' -l -e hello -r" /dev/null
  assert_output $'a\\x1b[2Jb\r'
  lines_of "$kept/list" $'no\033[2J'
  run script -qec "'$PFPROC' -e hello -T '$kept/list' >/dev/null" /dev/null
  assert_line $'pfproc: no\\x1b[2J: No such file or directory\r'
  ways -l -e hello $'a\033[2Jb'
  assert_output $'a\033[2Jb'
}

@test "tsv: ten columns, a row for each entry of a match" {
  printf 'hello\tv\\t1\tl\\n1\nhello\tv\\\\2\t\n' >g.tsv
  printf 'x\ny hello\n' >file
  ways -g g.tsv -g g.tsv:tsv,label=mine -e hello --format=tsv file
  assert_output 'file	2	3	4	5	hello	hello	v\t1	l\n1	g.tsv
file	2	3	4	5	hello	hello	v\\2		g.tsv
file	2	3	4	5	hello	hello	v\t1	l\n1	g.tsv
file	2	3	4	5	hello	hello	v\\2	mine	g.tsv
file	2	3	4	5	hello	hello			-e'
}

@test "entries of a match: exact bytes first, then glossary and entry order" {
  printf 'HELLO\tfolded\thello\ttwo\nhello\texact\nHello\tfolded 2\n' |
    sed 's/\thello\ttwo//' >g.tsv
  printf 'hEllo\tfolded 3\nhello\texact 2\n' >h.tsv
  lines_of file hello
  ways -i -g g.tsv -g h.tsv file
  assert_output 'file:1:1: hello -> exact, exact 2, folded, folded 2, folded 3'
}

@test "--overlapping: by start, longer first" {
  lines_of file 'a b c'
  ways --overlapping -e b -e 'a b' -e a -e 'b c' -e 'a b c' file
  assert_output 'file:1:1: a b c
file:1:1: a b
file:1:1: a
file:1:3: b c
file:1:3: b'
}

@test "files follow each other in the order given" {
  lines_of x hello
  lines_of y 'hello hello'
  ways -e hello y x y
  assert_output 'y:1:1: hello
y:1:7: hello
x:1:1: hello
y:1:1: hello
y:1:7: hello'
}

@test "a match beyond all buffers: line, column and offset are right" {
  head -c 300000 /dev/zero | tr '\0' '\n' >file
  head -c 300000 /dev/zero | tr '\0' ' ' >>file
  printf 'hello' >>file
  ways -e hello --format=tsv file
  assert_output $'file\t300001\t300001\t600000\t5\thello\thello\t\t\t-e'
}

@test "terms across every edge of a buffer are found, and once" {
  # Reads are of 128 KiB; a term is shifted over their edges byte by byte.
  local shift
  for shift in {0..9}; do
    {
      head -c $((131072 - shift)) /dev/zero | tr '\0' ' '
      printf 'new \n line hellos hello'
      head -c 131060 /dev/zero | tr '\0' '.'
      printf ' hello'
    } >file.$shift
  done
  pf -e hello -e 'new line' --format=tsv file.?
  assert_success
  for shift in {0..9}; do
    printf 'file.%s\t%s\t%s\n' $shift $((131072 - shift)) 10 \
      $shift $((131072 - shift + 18)) 5 $shift $((262156 - shift)) 5
  done >"$kept/wanted"
  cut -f1,4,5 "$out" >"$kept/seen"
  same_file "$kept/wanted" "$kept/seen" offsets
}

@test "-F -H -n -o -w change nothing" {
  lines_of file 'say hello'
  ways -FHnow -e hello file
  assert_success
  assert_output 'file:1:5: hello'
  lines_of list hello
  ways -Fwof list file
  assert_output 'file:1:5: hello'
}
