# Each rule of matching, once, through the program. That the rules hold in all
# cases is what the tests beside the matcher are for.

load helper

setup() {
  common_setup
}

# offsets TEXT ARGUMENT...: $output is "OFFSET TEXT" for each match in TEXT,
# separated by "; ".
offsets() {
  printf "$1" >text
  shift
  ways --format=tsv "$@" text
  assert_success
  output=$(cut -f4,6 "$out" | tr '\t' ' ' | paste -sd';' | sed 's/;/; /g')
}

@test "word: an edge that is a word character touches no word character" {
  offsets 'cat cats concat cat_ cat-cat _cat (cat) 9cat' -e cat
  assert_output '0 cat; 21 cat; 25 cat; 35 cat'
}

@test "word: an edge that is none may stand anywhere" {
  offsets '50%% x50%% 50%%x C++17 C++ XC++ €9 x€9 €90' -e 50% -e C++ -e €9
  assert_output '0 50%; 9 50%; 14 C++; 20 C++; 29 €9; 35 €9'
}

@test "word is the default, and --boundary=word" {
  offsets 'a ab' -e a --boundary=word
  assert_output '0 a'
}

@test "strict: neither neighbour may be a word character" {
  offsets '50%% x50%% 50%%x C++17 C++ (C++)' -e 50% -e C++ --boundary=strict
  assert_output '0 50%; 20 C++; 25 C++'
}

@test "host: sub-domains, but no other names" {
  offsets 'ab.de www.ab.de ab.de. ab.de.x x-ab.de ab.de-x xab.de ab.dex ab.de/x' \
    -e ab.de --boundary=host
  assert_output '0 ab.de; 10 ab.de; 16 ab.de; 61 ab.de'
}

@test "none: anywhere" {
  offsets 'cats 日本語の本' -e cat -e 本 --boundary=none
  assert_output '0 cat; 8 本; 17 本'
}

@test "Unicode decides what a word is" {
  # A combining mark, an Arabic digit, an undertie, a joiner; then what is none.
  offsets 'a\314\201 a\331\243 a\342\200\277b a\342\200\215 a\342\200\223b a\302\240' \
    -e a
  assert_output '19 a; 25 a'
}

@test "an invalid byte is no word character" {
  offsets '\377a\377 a\303 \200a \355\240\200a' -e a
  assert_output '1 a; 4 a; 8 a; 13 a'
}

@test "--word-chars" {
  offsets 'a-b a a.b é-a' -e a -e b --word-chars=-
  assert_output '4 a; 6 a; 8 b'
  offsets 'a→b a' -e a --word-chars=→-
  assert_output '6 a'
}

@test "leftmost, then longest" {
  offsets 'new york city x new york new' -e new -e 'new york' -e 'york city' \
    -e 'new york city'
  assert_output '0 new york city; 16 new york; 25 new'
}

@test "the longest that holds its rules" {
  offsets 'catering cat er' -e cat -e 'cat er' -e cater
  assert_output '9 cat er'
  offsets 'a.b.c' -e a -e a. -e a.b.
  assert_output '0 a.b.'
}

@test "scanning goes on at the end of a match, which is no start of text" {
  offsets 'aaaa' -e aa --boundary=none
  assert_output '0 aa; 2 aa'
  offsets 'b-' -e b -e - --boundary=strict
  assert_output '0 b'
}

@test "--overlapping" {
  offsets 'a b a b' -e 'a b' -e 'b a' -e b --overlapping
  assert_output '0 a b; 2 b a; 2 b; 4 a b; 6 b'
  offsets 'aaa' -e aa -e a --boundary=none --overlapping
  assert_output '0 aa; 0 a; 1 aa; 1 a; 2 a'
}

@test "case: exact unless asked otherwise" {
  offsets 'Abc abc ABC' -e abc
  assert_output '4 abc'
  offsets 'Abc abc ABC' -e abc -i
  assert_output '0 Abc; 4 abc; 8 ABC'
  offsets 'Abc abc' -e ABC -i
  assert_output '0 Abc; 4 abc'
}

@test "case: simple folding, and offsets are the file's own" {
  # The Kelvin sign and the long s are longer than what they fold to.
  offsets '\342\204\252g kg \305\277\305\277 ss \303\237' -i -e kg -e ss -e SS
  assert_output $'0 \u212ag; 5 kg; 8 ſſ; 8 ſſ; 13 ss; 13 ss'
  offsets 'σ ς Σ' -i -e σ
  assert_output '0 σ; 3 ς; 6 Σ'
  offsets 'İ i I ı' -i -e i
  assert_output '3 i; 5 I'
  offsets 'İ i I ı' -i -e İ
  assert_output '0 İ'
  offsets 'ẞ ß ss' -i -e ß
  assert_output '0 ẞ; 4 ß'
}

@test "space=wrap: one line break at most" {
  offsets 'a b a  b a\tb a\nb a \r\n  b a\n\nb a\302\240b ab' -e 'a b'
  assert_output '0 a b; 4 a  b; 9 a\tb; 13 a\nb; 17 a \r\n  b; 30 a'$'\u00a0''b'
}

@test "space=wrap: 256 bytes at most" {
  local many
  many=$(printf '%256s' '')
  offsets "a${many}b a${many} b" -e 'a b'
  assert_output "0 a${many}b"
}

@test "space=line: no line break" {
  offsets 'a b a  b a\tb a\nb a\rb' -e 'a b' --space=line
  assert_output '0 a b; 4 a  b; 9 a\tb; 17 a\rb'
}

@test "space=exact: byte for byte" {
  offsets 'a b a  b a\tb a\nb' -e 'a b' --space=exact
  assert_output '0 a b'
}

@test "white space in a term is one run, however it is written" {
  printf 'a \\t\\n b\n' >g.tsv
  offsets 'a b' -g g.tsv
  assert_output '0 a b'
}

@test "rules: the nearest wins" {
  # The entry's own, then that of -g, then the command line's, then the format's.
  printf 'own\t\t\tcase=ignore\tboundary=none\ngiven\n' >g.tsv
  offsets 'XOWNX XgivenX GIVEN given' -g g.tsv,case=exact,boundary=word
  assert_output '1 OWN; 20 given'
  offsets 'XOWNX XgivenX GIVEN given' -g g.tsv,case=exact -i --boundary=none
  assert_output '1 OWN; 7 given; 20 given'
  offsets 'XOWNX XgivenX GIVEN given' -g g.tsv -i --boundary=none
  assert_output '1 OWN; 7 given; 14 GIVEN; 20 given'
  printf 'worng->wrong\n' >g.codespell
  offsets 'WORNG worng' -g g.codespell
  assert_output '0 WORNG; 6 worng'
  offsets 'WORNG worng' -g g.codespell,case=exact
  assert_output '6 worng'
}

@test "of equal terms with different rules, those that hold" {
  printf 'a\tword\t\tboundary=word\na\tnone\t\tboundary=none\nA\tno case\t\tcase=ignore\n' \
    >g.tsv
  printf 'a xa A' >text
  ways -g g.tsv text
  assert_output 'text:1:1: a -> word, none, no case
text:1:4: a -> none
text:1:6: A -> no case'
}

@test "space=wrap: every kind of white space; only LF is a line break" {
  printf 'a\342\200\250b a\fb a\vb a\302\205b a\rb a\r\n\r\nb a\n\rb a\342\200\250\nb' >text
  ways --format=tsv -e 'a b' text
  assert_equal "$(cut -f4,5 "$out" | tr '\t' :)" $'0:5\n6:3\n10:3\n14:4\n19:3\n30:4\n35:6'
  ways --format=tsv --space=line -e 'a b' text
  assert_equal "$(cut -f4,5 "$out" | tr '\t' :)" $'0:5\n6:3\n10:3\n14:4\n19:3'
}

@test "space: the 256 are bytes, not characters" {
  local run
  run=$(printf '\342\200\203%.0s' {1..85})
  printf 'a%sb a%s b a%s\302\240b' "$run" "$run" "$run" >text
  ways --format=tsv -e 'a b' text
  assert_equal "$(cut -f4,5 "$out" | tr '\t' :)" $'0:257\n258:258'
}

@test "host: before it, too, and addresses" {
  printf '10.0.0.1 110.0.0.1 10.0.0.10 10.0.0.1.5 -10.0.0.1 .10.0.0.1 10.0.0.1- 10.0.0.1:80 10.0.0.1. x' >text
  ways --format=tsv --boundary=host -e 10.0.0.1 text
  assert_equal "$(cut -f4 "$out")" $'0\n51\n70\n82'
}
