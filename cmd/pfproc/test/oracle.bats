# On a real tree, with real word lists: the reference matcher, given the two
# peculiarities of GNU grep, prints what grep prints, and with our own rules it
# prints what pfproc prints; to the byte, without one exception.
#
# PF_LONG=1 takes the whole word list and a larger tree, with every file.

load helper

words=/usr/share/dict/american-english-insane

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  [ -e "$words" ] || {
    echo "no $words: install wamerican-insane" >&2
    return 1
  }
  local roots=(/usr/include /usr/share/perl /usr/lib/python3 /usr/share/doc)
  sizes='10 1000 10000 100000'
  if [ -n "${PF_LONG-}" ]; then
    roots+=(/usr/share/dict /usr/share/man /usr/share/info /usr/share/common-licenses
      /usr/lib/python3.* /usr/share/vim /usr/share/locale /usr/src /etc)
    sizes+=" $(grep -c . "$words")"
  fi
  # tsv escapes what is special to it in names; these need not be compared.
  find "${roots[@]}" -xdev -type f -readable ! -name '*[\\	]*' ! -name '*
*' -print0 2>/dev/null | LC_ALL=C sort -z >tree
  if [ -n "${PF_SANITIZER-}" ]; then
    sizes='10 1000 10000'
    # Every hundredth file.
    awk 'BEGIN { RS = ORS = "\0" } NR % 100 == 1' tree >few
    mv few tree
  fi
  if [ -z "${PF_LONG-}${PF_SANITIZER-}" ]; then
    awk 'BEGIN { RS = ORS = "\0" } NR % 2 == 1' tree >half
    mv half tree
  fi
  # pfproc is compared on a third of it, in both modes.
  [ -n "${PF_LONG-}" ] && cp tree third ||
    awk 'BEGIN { RS = ORS = "\0" } NR % 3 == 1' tree >third
  [ "$(tr -dc '\0' <tree | wc -c)" -gt 50 ]
  for n in $sizes; do
    # The same words each time, in no order.
    shuf -n "$n" --random-source=<(yes "seed $n") "$words" >"words.$n"
  done
  echo "$sizes" >sizes
}

setup() {
  common_setup
  cd "$BATS_FILE_TMPDIR"
  export oracle=$PF_BUILDDIR/lib/match/grep_oracle
  sizes=$(cat sizes)
}

by_grep() {
  xargs -0 -a tree env LC_ALL=C.UTF-8 grep -F -w -o -b -a -H -f "$1" --
}

by_oracle() {
  xargs -0 -a tree "$oracle" "$@"
}

by_our_rules() {
  xargs -0 -a third "$oracle" --rules=pfproc "$@"
}

by_pfproc() {
  "$PFPROC" -0 -T third -a --format=tsv "$@" 2>"$err" | cut -f1,4,5
}

# same_streams: of by_... LEAST: the outputs of the commands $one and $two are
# the same, and have at least so many lines.
same_streams() {
  local least=$1
  rm -f "$kept/lines"
  if ! cmp <($one 2>/dev/null) <($two | tee >(wc -l >"$kept/lines")); then
    diff <($one 2>/dev/null) <($two) | cat -v | head -n 20 || true
    fail "not the same: $one; $two"
  fi
  soon test -s "$kept/lines"
  echo "$(cat "$kept/lines") lines: $two"
  [ "$(cat "$kept/lines")" -ge "$least" ]
}

@test "words: the same as grep" {
  for n in $sizes; do
    one="by_grep words.$n"
    two="by_oracle words.$n"
    same_streams $((n / 100 - 1))
  done
}

@test "terms that are no words: the same as grep" {
  printf '%s\n' '#include' include '*' '**' /\* \*/ - -- -> '->x' _ __ '(' '()' \
    . .. ... ., :: std:: std % %s '"' "'" "don't" t é café Ä © €  中 \\n '\' \
    0 00 0x 1.0 C++ c++11 -Wall 'a b' 'of the' 'the' '*  x' λ λx а ё \
    >terms
  one='by_grep terms'
  two='by_oracle terms'
  same_streams 100
}

@test "words, exact: pfproc is the same as its matcher" {
  for mode in fork-join pipeline; do
    n=${sizes##* }
    one="by_our_rules words.$n"
    two="by_pfproc -g words.$n:txt --mode=$mode"
    same_streams 50
    assert_equal "$(cat "$err")" ''
  done
}

@test "words, without case: pfproc is the same as its matcher" {
  for mode in fork-join pipeline; do
    one="by_our_rules -i words.10000"
    two="by_pfproc -i -g words.10000:txt --mode=$mode -j3"
    same_streams 50
    assert_equal "$(cat "$err")" ''
  done
}

@test "phrases, across lines: pfproc is the same as its matcher" {
  printf '%s\n' 'of the' 'in the' 'The' 'is a' 'public domain' 'without any' \
    'any later version' 'a' 'int' 'unsigned int' 'struct' 'C++' 'def' >phrases
  for mode in fork-join pipeline; do
    one='by_our_rules phrases'
    two="by_pfproc -g phrases:txt --mode=$mode"
    same_streams 100
    assert_equal "$(cat "$err")" ''
  done
}
