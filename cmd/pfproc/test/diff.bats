# --replace --diff: what differs, for patch and git.

load helper

setup() {
  common_setup
  printf 'teh->the\nrecieve->receive\nclas->class, claims,\n' >d.codespell
  terms=(-g d.codespell)
}

# Files that try what a diff may stumble over.
make_files() {
  mkdir -p dir/sub 'with space'
  printf 'one\ntwo teh\nthree\n' >dir/a
  printf 'teh at the end of a file without a line break: teh' >dir/sub/b
  printf 'a\r\nteh\r\nb\r\n' >dir/crlf
  printf '\xEF\xBB\xBFteh mark\n' >dir/bom
  printf 'nothing\n' >dir/same
  printf 'teh\n' >'with space/a b'
  printf 'teh\n' >$'with space/t\tq"\\'
  printf '\xFF teh \xC3\n' >dir/bytes
  seq 1 100 | sed 's/^\([0-9]*5\)$/\1 teh recieve/' >dir/many
  printf 'teh\n%.0s' {1..500} >dir/all
  printf 'no break\nat the end' >dir/unbroken
  printf 'teh\n\n\n\nx' >dir/context
}

@test "the form of a unified diff" {
  printf '1\n2\n3\n4\nteh end\n6\n7\n8\n9\n' >a
  ways --replace --diff "${terms[@]}" a
  assert_success
  assert_output '--- a
+++ a
@@ -2,7 +2,7 @@
 2
 3
 4
-teh end
+the end
 6
 7
 8'
  assert_messages
}

@test "patch -p0 and git apply -p0 make of the old files what --replace does" {
  make_files
  mkdir "$kept/wanted"
  find dir with* -type f -print0 | sort -z >"$kept/names"
  while IFS= read -rd '' name; do
    mkdir -p "$kept/wanted/$(dirname "$name")"
    "$PFPROC" --replace "${terms[@]}" -- "$name" >"$kept/wanted/$name"
  done <"$kept/names"
  ways --replace --diff -r "${terms[@]}" dir 'with space'
  assert_success
  cp "$out" "$kept/diff"
  cp -r . "$kept/for-git"

  patch -p0 -s <"$kept/diff"
  (cd "$kept/for-git" && git apply -p0 --whitespace=nowarn <"$kept/diff")
  while IFS= read -rd '' name; do
    same_file "$kept/wanted/$name" "$name" "patched: $name"
    same_file "$kept/wanted/$name" "$kept/for-git/$name" "applied: $name"
  done <"$kept/names"
}

@test "as diff -u has it" {
  make_files
  "$PFPROC" --replace "${terms[@]}" dir/many >"$kept/new"
  diff -u --label dir/many --label dir/many dir/many "$kept/new" \
    >"$kept/wanted" || true
  ways --replace --diff "${terms[@]}" dir/many
  same_file "$kept/wanted" "$out" diff
}

@test "files that stay as they are do not appear" {
  lines_of a the
  ways --replace --diff "${terms[@]}" a
  assert_success
  assert_output ''
}

@test "several values are told, and do not differ" {
  lines_of a 'teh clas'
  ways --replace --diff "${terms[@]}" a
  assert_success
  assert_line '+the clas'
  assert_messages 'pfproc: a:1:5: clas has several values: class, claims'
}

@test "a leading ./ is left out" {
  lines_of a teh
  pf --replace --diff "${terms[@]}" ./a
  assert_line --index 0 '--- a'
}

@test "decoded files are refused" {
  printf '\xFF\xFEt\0e\0h\0' >utf16
  lines_of a teh
  ways --replace --diff "${terms[@]}" utf16 a
  assert_failure 65
  assert_line '+the'
  assert_message \
    'pfproc: utf16: its text is decoded, and cannot be changed in place'
}

@test "more than fits into memory side by side" {
  yes 'teh teh teh teh' | head -n 40000 >dense || true
  lines_of a teh
  ways --replace --diff --memory=1M "${terms[@]}" dense a
  assert_failure 75
  assert_output '--- a
+++ a
@@ -1 +1 @@
-teh
+the'
  assert_message \
    'pfproc: dense: too many changes side by side for a diff in memory'
}

@test "a large file with changes far apart" {
  seq 1 200000 | sed 's/77777$/teh/' >large
  "$PFPROC" --replace "${terms[@]}" large >"$kept/new"
  ways --replace --diff --memory=1M "${terms[@]}" large
  assert_success
  patch -p0 -s <"$out"
  same_file "$kept/new" large patched
}

@test "names that begin or end with a space" {
  mkdir ' in '
  for name in ' a' 'b ' ' in /c'; do
    lines_of "$name" teh
    pf --replace --diff "${terms[@]}" "$name"
    cp "$out" "$kept/diff"
    patch -p0 -s <"$kept/diff"
    lines_of wanted the
    same_file wanted "$name" patched
    lines_of "$name" teh
    git apply -p0 --whitespace=nowarn <"$kept/diff"
    same_file wanted "$name" applied
  done
}

@test "what it makes no sense with" {
  lines_of a teh
  pf --replace --diff -E latin1 "${terms[@]}" a
  assert_usage_error 'a diff is of the bytes that files have'
  pf --diff "${terms[@]}" a
  assert_usage_error '--diff makes no sense without --replace'
}
