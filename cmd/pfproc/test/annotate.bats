# --annotate: files with their matches marked up.

load helper

setup() {
  common_setup
  printf 'cat\ta small <animal>\tzoo\ndog\ncow\tone\ncow\ttwo\n' >g.tsv
  terms=(-g g.tsv)
  lines_of a 'A cat & a dog,' 'and a cat.'
  lines_of b 'No <b>cow</b>' 'here'
}

@test "html: mark, abbr, and escaped text" {
  ways --annotate "${terms[@]}" a b
  assert_success
  assert_output 'A <abbr title="a small &lt;animal&gt;">cat</abbr> &amp; a <mark>dog</mark>,
and a <abbr title="a small &lt;animal&gt;">cat</abbr>.
No &lt;b&gt;<abbr title="one, two">cow</abbr>&lt;/b&gt;
here'
  cp "$out" "$kept/html"
  pf --annotate=html "${terms[@]}" a b
  same_file "$kept/html" "$out" html
}

@test "html: --standalone is one page" {
  ways --annotate --standalone "${terms[@]}" a b gone
  assert_failure 66
  assert_line --index 0 '<!DOCTYPE html>'
  assert_line '<h2>a</h2>'
  assert_line '<h2>b</h2>'
  refute_line '<h2>gone</h2>'
  assert_line --index $((${#lines[@]} - 1)) '</html>'
  assert_equal "$(grep -c '<pre>' "$out") $(grep -c '</pre>' "$out")" '2 2'
  python3 - "$out" <<'END'
import sys
from html.parser import HTMLParser


class Parser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.text, self.titles = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)
        self.titles += [v for k, v in attrs if k == "title"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if "pre" in self.open:
            self.text.append(data)


parser = Parser()
parser.feed(open(sys.argv[1], encoding="utf-8").read())
assert not parser.open
text = "".join(parser.text)
assert text == "\nA cat & a dog,\nand a cat.\n\nNo <b>cow</b>\nhere\n", text
assert parser.titles == ["a small <animal>"] * 2 + ["one, two"]
END
}

@test "html: a page of no files is a page" {
  : >none
  ways --annotate --standalone "${terms[@]}" -T none
  assert_line --index 0 '<!DOCTYPE html>'
  assert_line --index $((${#lines[@]} - 1)) '</html>'
}

@test "markdown" {
  ways --annotate=markdown "${terms[@]}" a b
  assert_output 'A **cat** (a small \<animal\>) & a **dog**,
and a **cat** (a small \<animal\>).
No <b>**cow** (one, two)</b>
here'
}

@test "ansi" {
  printf 'dog cat\33[1m\r\n' >c
  ways --annotate=ansi "${terms[@]}" c
  printf '\33[1;31mdog\33[0m \33[1;31mcat\33[0m\33[2m (a small <animal>)\33[0m\\x1b[1m\r\n' >wanted
  same_file wanted "$out" ansi
}

@test "--template" {
  ways --annotate --template='[{text}]({value}){{{label}|{line}:{column}}}\n' \
    "${terms[@]}" a
  assert_output 'A [cat](a small <animal>){zoo|1:3}
 & a [dog](){|1:11}
,
and a [cat](a small <animal>){zoo|2:7}
.'
  pf --annotate --template='{term}={path}' -i -e CAT a
  assert_output $'A CAT=a & a dog,\nand a CAT=a.'
}

@test "--template: what is wrong with it" {
  pf --annotate --template='{valu}' "${terms[@]}" a
  assert_usage_error '{valu} is not one of the fields'
  pf --annotate --template='{value' "${terms[@]}" a
  assert_usage_error '{ without }'
}

@test "--first-only: once a term and file" {
  lines_of c 'cat Cat dog cat dog'
  ways --annotate=markdown --first-only -i "${terms[@]}" c a
  assert_output '**cat** (a small \<animal\>) Cat **dog** cat dog
A **cat** (a small \<animal\>) & a **dog**,
and a cat.'
}

@test "text that is left as it is: line ends, bytes, marks" {
  printf '\xEF\xBB\xBFcat\r\n\xFF\xC3 dog' >c
  ways --annotate=markdown "${terms[@]}" c
  printf '\xEF\xBB\xBF**cat** (a small \\<animal\\>)\r\n\xFF\xC3 **dog**' >wanted
  same_file wanted "$out" markdown
  # In the middle of a page it would be no mark.
  ways --annotate "${terms[@]}" c
  printf '<abbr title="a small &lt;animal&gt;">cat</abbr>\r\n\xFF\xC3 <mark>dog</mark>' >wanted
  same_file wanted "$out" html
}

@test "binary files are passed over" {
  printf 'cat\0' >bin
  ways --annotate --standalone "${terms[@]}" bin a
  assert_success
  refute_line '<h2>bin</h2>'
  assert_messages 'pfproc: 1 binary file skipped; first: bin'
}

@test "large files, whatever they are cut into" {
  awk 'BEGIN { for (i = 0; i < 3000; i++)
    printf "a dog %d %*s ß <\n", i, i % 700, "ä" }' >large
  sed 's/</\&lt;/g; s|dog|<mark>dog</mark>|' large >wanted
  ways --annotate "${terms[@]}" --memory=1M large
  same_file wanted "$out" output
}

@test "what it makes no sense with" {
  pf --annotate --overlapping "${terms[@]}" a
  assert_usage_error 'one match is marked at a place'
  pf --annotate --replace "${terms[@]}" a
  assert_usage_error 'two actions'
  pf --annotate --format=tsv "${terms[@]}" a
  assert_usage_error 'no records'
  pf --annotate -q "${terms[@]}" a
  assert_usage_error 'nothing is written'
  pf --annotate=pdf "${terms[@]}" a
  assert_usage_error '--annotate takes one of html, markdown, ansi'
  pf --annotate=ansi --standalone "${terms[@]}" a
  assert_usage_error 'only HTML has pages'
  pf --annotate=ansi --template=x "${terms[@]}" a
  assert_usage_error 'it says how'
  pf --annotate --standalone --template=x "${terms[@]}" a
  assert_usage_error 'only HTML has pages'
  for option in --standalone --first-only --template=x; do
    pf $option "${terms[@]}" a
    assert_usage_error "${option%=*} makes no sense without --annotate"
  done
}
