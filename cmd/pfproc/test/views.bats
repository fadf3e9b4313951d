# --normalize and --refang: another text is matched than stands in the file, but
# places and what is printed are the file's.

load helper

setup() {
  common_setup
}

# Precomposed, and not.
nfc=$'caf\xc3\xa9'
nfd=$'cafe\xcc\x81'

@test "--normalize: composed and decomposed are the same, in glossary and text" {
  printf '%s\n' "$nfc $nfd cafe" >file
  ways -e "$nfc" --normalize --format=tsv file
  assert_success
  assert_output "$(printf 'file\t1\t%s\t%s\t%s\t%s\t%s\t\t\t-e\n' \
    1 0 5 "$nfc" "$nfc" 7 6 6 "$nfd" "$nfc")"
  ways -e "$nfd" --normalize --format=tsv file
  assert_output "$(printf 'file\t1\t%s\t%s\t%s\t%s\t%s\t\t\t-e\n' \
    1 0 5 "$nfc" "$nfd" 7 6 6 "$nfd" "$nfd")"
  ways -e "$nfc" file
  assert_output "file:1:1: $nfc"
  ways -e "$nfd" file
  assert_output "file:1:7: $nfd"
}

@test "--normalize: marks in any order, Hangul, singletons" {
  printf '%b\n' 'e\xcc\xa3\xcc\x81 e\xcc\x81\xcc\xa3 \xe1\xba\xb9\xcc\x81' \
    '\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab \xed\x95\x9c' '\xe2\x84\xab \xe2\x84\xaa' >file
  ways --normalize -e $'\xe1\xba\xb9\xcc\x81' -e $'\xed\x95\x9c' -e $'A\xcc\x8a' -e K -c file
  assert_output 'file:7'
}

@test "--normalize: typographic apostrophes, quotes and hyphens are plain ones" {
  printf '%b\n' 'don\xe2\x80\x99t \xe2\x80\x9cso\xe2\x80\x9d \xc2\xabso\xc2\xbb \xe2\x80\x9eso\xe2\x80\x9d x\xe2\x80\x91ray x\xe2\x88\x92ray x\xe2\x80\x94ray co\xc2\xadop' >file
  ways --normalize -e "don't" -e '"so"' -e x-ray -e coop file
  assert_output $'file:1:1: don\xe2\x80\x99t
file:1:9: \xe2\x80\x9cso\xe2\x80\x9d
file:1:18: \xc2\xabso\xc2\xbb
file:1:25: \xe2\x80\x9eso\xe2\x80\x9d
file:1:34: x\xe2\x80\x91ray
file:1:42: x\xe2\x88\x92ray
file:1:50: x\xe2\x80\x94ray
file:1:58: co\xc2\xadop'
  printf "don't \"so\" x-ray" >file
  ways --normalize -e $'don\xe2\x80\x99t' -e $'\xe2\x80\x9cso\xe2\x80\x9d' -e $'x\xe2\x80\x90ray' -c file
  assert_output 'file:3'
}

@test "--normalize: no match begins or ends within a combining sequence" {
  printf '%b\n' 'e e\xcc\x81 \xc3\xa9 q\xcc\x81 q' >file
  ways --normalize --boundary=none -e e -e q --format=tsv file
  assert_output $'file\t1\t1\t0\t1\te\te\t\t\t-e\nfile\t1\t14\t13\t1\tq\tq\t\t\t-e'
}

@test "--normalize goes with folding, white space and boundaries" {
  printf '%b\n' 'CAFE\xcc\x81 CAFE\xcc\x81S' 'caf\xc3\xa9' 'au lait' >file
  ways --normalize -i -e "$nfc" file
  assert_output $'file:1:1: CAFE\xcc\x81\nfile:2:1: caf\xc3\xa9'
  ways --normalize -e "$nfd au lait" file
  assert_output "file:2:1: $nfc au lait"
  ways --normalize --space=line -e "$nfd au lait" file
  assert_output ''
  # A hyphen in any form is one to a host.
  printf 'a\342\200\220ab.de ab.de' >file
  ways --normalize --boundary=host -e ab.de --format=tsv file
  assert_output $'file\t1\t11\t10\t5\tab.de\tab.de\t\t\t-e'
}

@test "--refang: what was made harmless, in glossary and text" {
  lines_of file 'see evil[.]com, hXXps[://]evil(dot)com/x and user[at]evil{.}com' \
    'evil.com hxxp://a'
  ways --refang --boundary=host -e evil.com -e user@evil.com -e http://a file
  assert_output 'file:1:5: evil[.]com
file:1:27: evil(dot)com
file:1:46: user[at]evil{.}com
file:2:1: evil.com
file:2:10: hxxp://a'
  ways --refang --boundary=host -e 'evil[.]com' -e 'user(at)evil[.]com' \
    -e 'hxxp[:]//a' --format=tsv file
  assert_line --index 0 $'file\t1\t5\t4\t10\tevil[.]com\tevil[.]com\t\t\t-e'
  assert_equal "${#lines[@]}" 5
  ways --boundary=host -e evil.com file
  assert_output 'file:2:1: evil.com'
}

@test "--refang: what is no such form stays" {
  lines_of file 'evil[.com evil.]com evil[ . ]com evil\.com ahxxp://b hxxp hxxpx://b'
  ways --refang -e evil.com -e http -e ahttp file
  assert_success
  assert_output ''
}

@test "--normalize and --refang together" {
  printf '%b\n' 'cafe\xcc\x81[.]com \xe2\x80\x98hxxp://x\xe2\x80\x91y' >file
  ways --normalize --refang -e "$nfc.com" -e "'http://x-y" file
  assert_output $'file:1:1: cafe\xcc\x81[.]com\nfile:1:14: \xe2\x80\x98hxxp://x\xe2\x80\x91y'
}

@test "every action and format, with values, labels and rules of entries" {
  printf '%b\n' 'cafe\xcc\x81 x' 'caf\xc3\xa9 caf\xc3\xa9' >file
  printf 'nothing' >none
  printf '%s\n' "$nfd"$'\tone\tL\tcase=ignore' "$nfc"$'\ttwo' >g.tsv
  ways --normalize -g g.tsv file none
  assert_output "file:1:1: $nfd -> one, two
file:2:1: $nfc -> one, two
file:2:7: $nfc -> one, two"
  ways --normalize -g g.tsv -c file none
  assert_output 'file:3'
  ways --normalize -g g.tsv --count-terms file none
  assert_output "$(printf 'file\t%s\t3\n' "$nfd" "$nfc")"
  ways --normalize -g g.tsv --total file none
  assert_output "$(printf '%s\t3\t1\n' "$nfd" "$nfc")"
  ways --normalize -g g.tsv -l file none
  assert_output file
  ways --normalize -g g.tsv -L file none
  assert_output none
  ways --normalize -g g.tsv -q --check file none
  assert_failure 1
  ways --normalize --overlapping -g g.tsv -e e -e "$nfc x" file
  assert_line --index 0 "file:1:1: $nfd x"
  assert_line --index 1 "file:1:1: $nfd -> one, two"
}

@test "an image is used as it is where its terms are plain" {
  lines_of plain.txt "don't" evil.com
  printf '%s\n' 'evil[.]com' "$nfd" >other.txt
  pfg build plain.txt
  pfg build --anywhere other.txt
  printf '%b\n' 'don\xe2\x80\x99t evil[.]com caf\xc3\xa9' >file
  ways --normalize --refang -g plain.pfg file
  assert_output $'file:1:1: don\xe2\x80\x99t\nfile:1:9: evil[.]com'
  ways --normalize --refang -g other.pfg --boundary=none file
  assert_output $'file:1:9: evil[.]com\nfile:1:20: caf\xc3\xa9'
  pf --verbose --normalize --refang -g plain.pfg file
  refute_message_part 'another form'
  pf --verbose --normalize --refang -g other.pfg file
  assert_message 'pfproc: terms are matched in another form: their index was made at the start'
}

@test "a term that becomes too long is refused" {
  perl -e 'binmode STDOUT, ":utf8"; print chr (0x958) x 1000, "\n"' >long.txt
  pf -g long.txt -e x long.txt
  assert_success
  pf --normalize -g long.txt long.txt
  assert_failure 65
  [[ $stderr == 'pfproc: a term as it is matched: '* && $stderr != *$'\n'* ]]
}

@test "invalid bytes and UTF-16 in a view" {
  printf 'caf\351 cafe\314\201\377 \377cafe\314\201 cafe\314' >file
  ways --normalize -e "$nfc" -e cafe file
  assert_output "file:1:6: $nfd
file:1:15: $nfd
file:1:22: cafe"
  { printf '\377\376'; printf 'x cafe\314\201' | iconv -f UTF-8 -t UTF-16LE; } >file
  ways --normalize -e "$nfc" file
  assert_output "file:1:3: $nfd"
}

@test "a long run of marks, and edges of buffers" {
  perl -e 'binmode STDOUT, ":utf8";
    print "e", chr (0x301) x 300000, "\n";
    for $i (0 .. 9) { print "x" x (65530 + $i), " caf", "e", chr (0x301), " evil[.]com\n" }' >file
  ways --normalize --refang -e "$nfc" -e evil.com -e $'\xc3\xa9' --boundary=none -c file
  assert_output 'file:20'
  ways --normalize --refang -e "$nfc" -e evil.com file
  assert_line --index 0 "file:2:65532: $nfd"
  assert_line --index 1 'file:2:65539: evil[.]com'
}

@test "large files in a view: the same in every way" {
  awk 'BEGIN {
    srand (5)
    n = split ("alpha cafe\314\201 caf\303\251 evil[.]com evil.com don\342\200\231t hxxp://x e \314\201 ( x", word, " ")
    for (i = 0; i < 700000; i++)
      printf "%s%s", word[1 + int (rand () * n)], rand () < 0.1 ? "\n" : " "
  }' >large
  printf '%s\n' "$nfc" evil.com "don't" http://x "$nfd evil.com" >terms
  for action in --find --total --count-terms '-c --overlapping --boundary=none'; do
    ways --normalize --refang -g terms $action large terms
    assert_success
  done
}

@test "a document on a pipe: each line's matches as it comes" {
  lockstep() {
    runs python3 "$PF_SRCDIR/cmd/pfproc/test/lockstep.py" 9 \
      "%d $nfd.evil[.]x $nfd" \
      "(standard input):%d:3: $nfd.evil[.]x"$'\n'"(standard input):%d:19: $nfd" \
      "$PFPROC" --normalize --refang -e "$nfc" -e "$nfc.evil.x" - "${way[@]}"
    assert_success
  }
  each_way lockstep
}

@test "a new glossary in the middle of a run is seen in the view, too" {
  mkfifo names
  lines_of g.txt "don't"
  printf 'don\342\200\231t cafe\314\201\n' >file
  "$PFPROC" --verbose --normalize -g g.txt <names >result 2>errors &
  local pid=$!
  exec 9>names
  soon grep -q entries errors
  echo file >&9
  soon grep -q "file:1:1: don" result
  lines_of g.new "$nfc"
  mv g.new g.txt
  kill -USR1 $pid
  soon grep -q 'glossary reloaded' errors
  echo file >&9
  soon grep -q "file:1:9: $nfd" result
  exec 9>&-
  wait $pid
  assert_equal "$(wc -l <result)" 2
}
