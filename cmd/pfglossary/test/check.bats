# pfglossary check: what is odd in a source, line by line.

load ../../pfproc/test/helper

setup() {
  common_setup
}

@test "check: silent where all is well" {
  lines_of g.tsv '# made up' $'alpha\tv1\tl1' '' $'beta\t\tl2\tcase=ignore\tboundary=host'
  pfg check g.tsv
  assert_success
  assert_output ''
  assert_messages
  lines_of h.txt one 'two words' C++ 日本
  pfg check g.tsv h.txt
  assert_success
  assert_output ''
}

@test "check: all that is malformed, by line, 65" {
  printf 'ok\n\nbad\t\t\tcase=maybe\n \tv\na\xff\nfine\n' >bad.tsv
  pfg check bad.tsv
  assert_failure 65
  assert_output 'bad.tsv:3: error: unknown rule in a column after the label: case=maybe
bad.tsv:4: error: empty term
bad.tsv:5: error: term is not valid UTF-8'
  assert_messages
  head -c 5000 /dev/zero | tr '\0' x >long.txt
  pfg check long.txt
  assert_failure 65
  assert_output 'long.txt:1: error: term of 5000 bytes is longer than 4096'
  lines_of g.codespell 'teh->the' 'wrong'
  pfg check g.codespell
  assert_failure 65
  assert_output 'g.codespell:2: error: expected WRONG->RIGHT, found no ->'
}

@test "check --lenient: what is malformed is a warning, 1" {
  printf 'ok\na\xff\nfine\n' >bad.txt
  pfg check --lenient bad.txt
  assert_failure 1
  assert_output 'bad.txt:2: warning: term is not valid UTF-8'
  assert_messages
  # Then nothing is left.
  printf 'a\xff\n' >bad.txt
  pfg check --lenient bad.txt
  assert_failure 65
  assert_output 'bad.txt:1: warning: term is not valid UTF-8'
  assert_messages 'pfglossary: bad.txt: glossary has no entries'
  pfg check --lenient --allow-empty bad.txt
  assert_failure 1
}

@test "check: repetitions, entries that are hidden, and others for the same text" {
  lines_of g.tsv $'one\tv' $'one\tv' $'Two\tv' $'two\tv\t\tcase=ignore' \
    $'three\tv' $'three\tw' $'three\tv\tl' \
    $'a  b\tv' $'a b\tv' \
    $'C++\tv\t\tboundary=strict' $'C++\tv' \
    $'five\tv' $'Five\tv' $'five\tv\t\tboundary=none'
  pfg check g.tsv
  assert_failure 1
  assert_output 'g.tsv:2: warning: repeats line 1
g.tsv:3: warning: hidden by line 4, which is found wherever this is and says the same
g.tsv:6: note: another value than line 5 for the same text
g.tsv:7: note: another label than line 5 for the same text
g.tsv:9: warning: hidden by line 8, which is found wherever this is and says the same
g.tsv:10: warning: hidden by line 11, which is found wherever this is and says the same
g.tsv:12: warning: hidden by line 14, which is found wherever this is and says the same'
  lines_of h.tsv $'a\tv' $'a\tv\t\tboundary=prefix' \
    $'b\tv\t\tboundary=subword' $'b\tv' \
    $'c\tv\t\tboundary=subword' $'c\tv\t\tboundary=prefix' \
    $'d\tv\t\tboundary=prefix' $'d\tv\t\tboundary=host'
  pfg check h.tsv
  assert_failure 1
  assert_output 'h.tsv:1: warning: hidden by line 2, which is found wherever this is and says the same
h.tsv:4: warning: hidden by line 3, which is found wherever this is and says the same
h.tsv:8: warning: hidden by line 7, which is found wherever this is and says the same'
  # Rules that are given with the file count, too.
  lines_of g.txt one One
  pfg check g.txt
  assert_success
  pfg check g.txt,case=ignore
  assert_failure 1
  assert_output 'g.txt:2: warning: hidden by line 1, which is found wherever this is and says the same'
}

@test "check: texts that are not what they look like" {
  printf '%s\n' ' end' 't\tb' 'a\nb' 'c\n\nd' $'bom\ufeff' $'soft\u00adhyphen' \
    $'ctrl\x01' $'gone\ufffd' $'cafe\u0301' $'v\tx\x02' $'w\tx\xff' $'x\t\ty\xff' \
    >g.tsv
  printf 'e%300sf\n' '' >>g.tsv
  pfg check g.tsv
  assert_failure 1
  assert_output "g.tsv:1: warning: white space at an end of the term, which is dropped
g.tsv:3: note: a line break in the term; --space=line finds it within a line only
g.tsv:4: warning: more white space than matches in a text, unless --space=exact
g.tsv:5: warning: U+FEFF in the term, a byte order mark
g.tsv:6: warning: U+00AD in the term, a soft hyphen
g.tsv:7: warning: U+0001 in the term, a control character
g.tsv:8: warning: U+FFFD in the term, which stands for text that was lost
g.tsv:9: note: the term is not in Unicode's form NFC, which most texts are in
g.tsv:10: warning: U+0002 in the value, a control character
g.tsv:11: warning: the value is not valid UTF-8
g.tsv:12: warning: the label is not valid UTF-8
g.tsv:13: warning: more white space than matches in a text, unless --space=exact"
}

@test "check: notes alone are no failure" {
  lines_of g.tsv $'New York\tNew York' $'York\tx' $'York\ty'
  pfg check g.tsv
  assert_success
  assert_output 'g.tsv:1: note: a shield: the value is the term itself
g.tsv:3: note: another value than line 2 for the same text'
  # Several corrections in one line are meant to be several.
  lines_of g.codespell 'beat->beta, bead,'
  pfg check g.codespell
  assert_success
  assert_output ''
  pfg check @misspellings
  assert_success
}

@test "check: several files, each by its name; the first failure counts" {
  lines_of a.txt one one
  lines_of b.txt fine
  printf 'c\xff\n' >c.txt
  pfg check a.txt b.txt
  assert_failure 1
  assert_output 'a.txt:2: warning: repeats line 1'
  pfg check a.txt missing c.txt b.txt
  assert_failure 66
  assert_output 'a.txt:2: warning: repeats line 1
c.txt:1: error: term is not valid UTF-8'
  assert_messages 'pfglossary: missing: No such file or directory'
  pfg check c.txt missing
  assert_failure 65
  # Other files are no reason.
  cp a.txt b2.txt
  pfg check b.txt b2.txt,label=x
  assert_output 'b2.txt:2: warning: repeats line 1'
}

@test "check: an image is verified, also beside sources" {
  lines_of g.txt one two
  pfg build g.txt
  pfg check g.pfg g.txt
  assert_success
  assert_output ''
  printf 'X' | dd of=g.pfg bs=1 seek=$(($(stat -c %s g.pfg) - 1)) conv=notrunc status=none
  pfg check g.txt g.pfg
  assert_failure 65
  assert_output ''
  [[ $stderr == 'pfglossary: g.pfg: '* ]]
}

@test "check: a large source has its lines, too" {
  seq -f 'term%06.0f' 1 300000 >g.txt
  printf 'bad\xff\nterm000002\n' >>g.txt
  pfg check g.txt
  assert_failure 65
  assert_output 'g.txt:300001: error: term is not valid UTF-8
g.txt:300002: warning: repeats line 2'
}

@test "check: standard input, and names with a line break" {
  runs "$PFGLOSSARY" check -:tsv <<<$'a\tb\tc\td'
  assert_failure 65
  assert_output \
    '(standard input):1: error: unknown rule in a column after the label: d'
  printf 'one\none\n' >$'a\nb'
  pfg check $'a\nb'
  assert_output 'a\nb:2: warning: repeats line 1'
}

@test "check: tbx, with its options" {
  if "$PFGLOSSARY" info x.tbx 2>&1 | grep -q 'this build lacks'; then
    skip 'built without libxml2'
  fi
  for sample in terms-basic terms-v3 terms-dct; do
    pfg check "$PF_SRCDIR/testdata/$sample.tbx"
    assert_success
    assert_output ''
  done
  cat >x.tbx <<'END'
<martif><text><body>
<termEntry>
<langSet xml:lang="en"><tig><term>one</term></tig>
<tig><term></term></tig></langSet></termEntry>
<termEntry/>
<termEntry><langSet xml:lang="fr"><tig><term>one</term></tig></langSet></termEntry>
<tig>
END
  pfg check x.tbx
  assert_failure 65
  assert_output 'x.tbx:4: error: empty term
x.tbx:5: error: concept without a term
x.tbx:6: warning: repeats line 3
x.tbx:7: error: not well-formed: the document ends inside an element'
  sed -i '$d' x.tbx
  printf '</body></text></martif>\n' >>x.tbx
  pfg check --lenient --tbx-langs=en x.tbx
  assert_failure 1
  assert_output $'x.tbx:4: warning: empty term\nx.tbx:5: warning: concept without a term'
  pfg check --tbx-langs=en,fr --tbx-forbidden=en x.tbx
  assert_failure 64
}

@test "check: what is wrong with the arguments, 64" {
  for given in '' '--frobnicate g.txt' '--tbx-langs' 'g.txt,case=maybe'; do
    # shellcheck disable=SC2086
    pfg check $given
    assert_failure 64
    assert_output ''
  done
}

@test "check: a full disk, 74" {
  lines_of g.txt one one
  runs bash -c '"$PFGLOSSARY" check g.txt >/dev/full'
  assert_failure 74
  assert_messages 'pfglossary: standard output: write failed'
}
