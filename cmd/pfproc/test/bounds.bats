# Rules by which a term may begin or end inside a word: prefix and subword, the
# default of the misspellings.

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

@test "prefix: the end of a term is free" {
  offsets 'colour colours colourful discolour _colour dis-coloured' \
    -e colour --boundary=prefix
  assert_output '0 colour; 7 colour; 15 colour; 47 colour'
}

@test "subword: at underscores, digits and humps" {
  offsets 'recieveData get_recieve recieve2 RECIEVE_ALL getRecieve recieved' \
    -i -e recieve --boundary=subword
  assert_output \
    '0 recieve; 16 recieve; 24 recieve; 33 RECIEVE; 48 Recieve'
}

@test "subword: the last capital before a small letter" {
  offsets 'HTTPServer HTTPSERVER XMLHttpServer HTTPs' \
    -i -e server -e http --boundary=subword
  assert_output '0 HTTP; 4 Server; 25 Http; 29 Server'
}

@test "subword: Unicode, and marks belong to their letter" {
  # A small letter with a mark, then a capital; and a word without case.
  offsets 'e\314\201Data 日本Data 日本_Data ДомData' -e Data --boundary=subword
  assert_output '3 Data; 26 Data; 37 Data'
}

@test "subword: --word-chars, --overlapping, --space=exact" {
  offsets 'my-data my_data' -e data --boundary=subword --word-chars=-
  assert_output '11 data'
  offsets 'get_data' -e get -e get_data -e data -e at --boundary=subword \
    --overlapping
  assert_output '0 get_data; 0 get; 4 data'
  offsets 'x_a bC x_a  bC' -e 'a b' --boundary=subword --space=exact
  assert_output '2 a b'
}

@test "the nearest rule wins, and several rules side by side" {
  printf 'own\t\t\tboundary=subword\npre\t\t\tboundary=prefix\nword\n' >g.tsv
  offsets 'my_own prefix my_word word' -g g.tsv
  assert_output '3 own; 7 pre; 22 word'
  offsets 'my_own prefix my_word word' -g g.tsv,boundary=subword \
    --boundary=word
  assert_output '3 own; 7 pre; 17 word; 22 word'
  offsets 'my_own prefix my_word wordy' -g g.tsv --boundary=prefix
  assert_output '3 own; 7 pre; 22 word'
}

@test "misspellings are found in parts of words, unless told otherwise" {
  printf 'get_recieve recieveData RECIEVE_ALL recieved_x recieve\n' >text
  ways --format=tsv -g @misspellings text
  assert_equal "$(cut -f4,6,8 "$out" | tr '\t\n' ' ;')" \
    '4 recieve receive;12 recieve receive;24 RECIEVE receive;36 recieved received;47 recieve receive;'
  cp "$out" "$kept/wanted"
  # The same where nothing names them, and where other glossaries are beside.
  ways --format=tsv text
  same_file "$kept/wanted" "$out" 'without a glossary'
  printf 'all\n' >other.txt
  ways --format=tsv -g other.txt -g @misspellings text
  same_file "$kept/wanted" "$out" 'beside another'
  for options in --boundary=word '-g @misspellings,boundary=word' \
    '-g @misspellings,boundary=strict'; do
    # shellcheck disable=SC2086
    ways --format=tsv $options text
    assert_equal "$(cut -f4,6 "$out")" $'47\trecieve'
  done
  # -g is nearer than the command line.
  ways -c -g @misspellings,boundary=subword --boundary=word text
  assert_output 'text:5'
}

@test "the codespell format is for whole words" {
  printf 'recieve->receive\n' >g.codespell
  offsets 'get_recieve recieve' -g g.codespell
  assert_output '12 recieve'
  offsets 'get_recieve recieve' -g g.codespell --boundary=subword
  assert_output '4 recieve; 12 recieve'
}

@test "every action, and files on a pipe" {
  printf 'get_recieve\nrecieved\n' >a
  printf 'recieveData recieve\n' >b
  ways --boundary=subword -e recieve -c a b
  assert_output $'a:1\nb:2'
  ways --boundary=subword -e recieve --count-terms a b
  assert_output $'a\trecieve\t1\nb\trecieve\t2'
  ways --boundary=subword -e recieve --total a b
  assert_output $'recieve\t3\t2'
  ways --boundary=subword -e recieve -l a b
  assert_output $'a\nb'
  ways --boundary=prefix -e get -e data -L a b
  assert_output b
  input=a ways --boundary=prefix -e recieve -
  assert_output '(standard input):2:1: recieve'
  ways --boundary=subword -e recieve -q --check a
  assert_failure 1
}

@test "a large file is cut anywhere, and the matches are the same" {
  # Edges of all kinds, over more than one buffer, and some letters with marks.
  local marks
  marks=$(printf '\314\201%.0s' {1..7})
  yes "get_dataSet2data HTTPData dataHTTP_x2data e${marks}Data datas" |
    head -n 100000 >large
  ways --boundary=subword -i -e data -c large
  assert_output 'large:600000'
  input=large ways --boundary=subword -i -e data -c -
  assert_output '(standard input):600000'
  ways --boundary=prefix -i -e data -c large
  assert_output 'large:200000'
}

@test "an unknown rule is a usage error that names all" {
  pf --boundary=affix -e a
  assert_usage_error 'subword'
  printf 'a\n' >g.txt
  pf -g g.txt,boundary=affix g.txt
  assert_usage_error \
    'boundary must be word, strict, host, none, prefix or subword: boundary=affix'
  printf 'a\t\t\tboundary=affix\n' >g.tsv
  pf -g g.tsv g.txt
  assert_failure 65
  assert_regex "$stderr" '^pfproc: g.tsv:1: '
}

@test "an image keeps the rules, and the default of the misspellings" {
  printf 'own\t\t\tboundary=subword\npre\tx\t\tboundary=prefix\nword\n' >g.tsv
  printf 'my_own prefix my_word recieveData\n' >text
  "$PFGLOSSARY" build -o g.pfg g.tsv @misspellings
  "$PFGLOSSARY" build --anywhere -o any.pfg g.tsv @misspellings
  for options in '' --boundary=word --boundary=subword --boundary=prefix \
    --boundary=none; do
    # shellcheck disable=SC2086
    ways --format=tsv $options -g g.tsv -g @misspellings text
    cut -f1-9 "$out" >"$kept/wanted"
    [ -s "$kept/wanted" ]
    for image in g.pfg any.pfg; do
      # shellcheck disable=SC2086
      ways --format=tsv $options -g $image text
      cut -f1-9 "$out" >"$kept/found"
      same_file "$kept/wanted" "$kept/found" "options: $options, $image"
    done
  done
}

@test "dump writes the rules, and what it writes is read back" {
  printf 'own\tv\tl\tboundary=subword\npre\tx\t\tcase=ignore\tboundary=prefix\n' >g.tsv
  pfg dump g.tsv
  assert_output "$(cat g.tsv)"
  "$PFGLOSSARY" build g.tsv
  pfg dump g.pfg
  assert_output "$(cat g.tsv)"
  pfg check g.pfg
  assert_success
  pfg dump @misspellings
  assert_success
  assert_line $'recieve\treceive\t\tcase=ignore\tboundary=subword'
}

@test "an index of --anywhere serves prefix and subword, too" {
  lines_of g.txt data get
  printf 'get_data gets datas xdata\n' >text
  "$PFGLOSSARY" build --anywhere g.txt
  for rule in prefix subword none; do
    ways --boundary=$rule --format=tsv -g g.txt text
    cut -f1-8 "$out" >"$kept/wanted"
    ways --boundary=$rule --format=tsv -g g.pfg text
    cut -f1-8 "$out" >"$kept/found"
    same_file "$kept/wanted" "$kept/found" "$rule"
    ways --verbose --boundary=$rule -i --overlapping -g g.pfg text
    assert_message \
      'pfproc: 2 entries may stand inside words: their index was in the image'
  done
  "$PFGLOSSARY" build --anywhere -o wrong.pfg @misspellings
  ways --verbose -g wrong.pfg text
  assert_regex "$stderr" 'their index was in the image$'
}
