/* The census of a text is what going through it character by character says,
 * with every kernel, however the text is cut into windows or pieces.
 */
#include "match/census.h"

#include "base/test_random.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* A place behind AT, mostly near it, and not behind END. */
static gsize
place_after (gsize at, gsize end)
{
  guint steps = 1 + pf_test_draw (pf_test_draw (4) == 0 ? 400 : 6);

  return MIN (at + steps, end);
}

/* The plain twin. */
static PfCensus
twin (PfSpan text, gsize to)
{
  PfCensus census = { 0 };
  gsize at = 0;
  gunichar c;

  while (at < to) {
    gboolean is_word;

    at += pf_utf8_next (text.data + at, text.data + text.len, &c);
    is_word = c != PF_UTF8_INVALID && pf_unicode_is_word (c);
    census.tokens += is_word && !census.inside;
    census.is_invalid |= c == PF_UTF8_INVALID;
    census.inside = is_word;
  }
  census.at = at;
  return census;
}

static void
assert_equal (const PfCensus *found, const PfCensus *wanted)
{
  g_assert_cmpuint (found->tokens, ==, wanted->tokens);
  g_assert_cmpint (found->is_invalid, ==, wanted->is_invalid);
  g_assert_cmpuint (found->at, ==, wanted->at);
}

/* LEN bytes in pieces of words of all lengths in bytes, gaps, and, where they
 * are WANTED, bytes that are no UTF-8. */
static GByteArray *
random_text (gsize len, gboolean wanted)
{
  static const char *const parts[] = {
    "a",
    "Z",
    "_",
    "word",
    "a_long_word_that_goes_on_for_more_than_a_group_of_64_bytes_in_a_row",
    " ",
    "\n",
    "-",
    "\303\251",
    "\342\202\254",
    "\330\247",
    "\344\270\255",
    "\360\235\224\204",
    "\360\237\230\200",
    "\314\201",
    "\377",
    "\300",
    "\342\202",
    "\355\240\200",
    "\200"
  };
  guint n = wanted ? G_N_ELEMENTS (parts) : G_N_ELEMENTS (parts) - 5;
  /* Many texts have long stretches in ASCII. */
  guint ascii = pf_test_draw (3) == 0 ? 90 : pf_test_draw (100);
  GByteArray *text = g_byte_array_new ();

  while (text->len < len) {
    const char *part =
        parts[pf_test_draw (100) < ascii ? pf_test_draw (8) : pf_test_draw (n)];

    g_byte_array_append (text, (const guint8 *)part, (guint)strlen (part));
  }
  return text;
}

static PfIsa
random_isa (void)
{
  PfIsa isa;

  do
    isa = (PfIsa)pf_test_draw (PF_N_ISAS);
  while (!pf_isa_is_supported (isa));
  return isa;
}

/* A copy that ends where its memory ends. */
static PfSpan
copy_of (PfSpan span, GBytes **owner)
{
  *owner = g_bytes_new (span.data, span.len);
  return (PfSpan){ g_bytes_get_data (*owner, NULL), span.len };
}

static void
check_windows (PfSpan text, gsize to)
{
  PfCensus wanted = twin (text, to), found;
  gsize from = 0, end = 0;

  pf_census_init (&found, random_isa (), 1000);
  do {
    g_autoptr (GBytes) owner = NULL;
    gsize known;
    PfSpan window;

    end = place_after (end, text.len);
    window = copy_of (pf_span_sub (text, from, end), &owner);
    /* What is decided may end anywhere. */
    known = end == text.len ? to : from + pf_test_draw ((guint)window.len);
    known = MIN (known, to);
    pf_census_advance (&found, window, 1000 + from, 1000 + known,
                       end == text.len);
    from = MIN ((gsize)(found.at - 1000), end);
  } while (end < text.len);
  wanted.at += 1000;
  g_assert_cmpuint (found.begin, ==, 1000);
  assert_equal (&found, &wanted);
}

static void
test_windows (void)
{
  for (guint i = 0; i < pf_test_rounds (4000); i++) {
    g_autoptr (GByteArray) bytes =
        random_text (pf_test_draw (700), pf_test_draw (2) == 0);
    PfSpan text = { bytes->data, bytes->len };

    check_windows (text, text.len);
    check_windows (text, pf_test_draw (bytes->len + 1));
  }
}

/* The piece from *AT to LIMIT, with context before and something behind. */
static PfCensus
count_piece (PfSpan text, gsize at, gsize limit)
{
  gsize from = at - MIN (at, PF_CENSUS_CONTEXT);
  gsize end = place_after (MIN (limit + 3, text.len), text.len);
  g_autoptr (GBytes) owner = NULL;
  PfSpan window = copy_of (pf_span_sub (text, from, end), &owner);
  PfCensus piece;

  pf_census_init_within (&piece, random_isa (), window, from, at);
  pf_census_advance (&piece, window, from, limit, end == text.len);
  return piece;
}

/* Pieces may begin within characters and words. */
static void
check_pieces (PfSpan text)
{
  PfCensus wanted = twin (text, text.len), found;
  gsize at = 0;

  pf_census_init (&found, random_isa (), 0);
  while (at < text.len) {
    gsize limit = place_after (at, text.len);
    PfCensus piece = count_piece (text, at, limit);

    g_assert_cmpuint (piece.begin, ==, MAX (found.at, at));
    pf_census_join (&found, &piece);
    at = limit;
  }
  assert_equal (&found, &wanted);
}

static void
test_pieces (void)
{
  for (guint i = 0; i < pf_test_rounds (4000); i++) {
    g_autoptr (GByteArray) bytes =
        random_text (1 + pf_test_draw (700), pf_test_draw (2) == 0);

    check_pieces ((PfSpan){ bytes->data, bytes->len });
  }
}

/* Larger than a block, by each kernel there is. */
static void
test_blocks (void)
{
  for (guint i = 0; i < pf_test_rounds (200); i++) {
    g_autoptr (GByteArray) bytes =
        random_text (pf_test_draw (40000), pf_test_draw (2) == 0);
    PfSpan text = { bytes->data, bytes->len };
    PfCensus wanted = twin (text, text.len), found;

    for (int isa = 0; isa < PF_N_ISAS; isa++) {
      if (!pf_isa_is_supported ((PfIsa)isa))
        continue;
      pf_census_init (&found, (PfIsa)isa, 0);
      pf_census_advance (&found, text, 0, text.len, TRUE);
      assert_equal (&found, &wanted);
    }
  }
}

static void
assert_census (const char *text, guint64 tokens, gboolean is_invalid)
{
  PfCensus census;

  pf_census_init (&census, PF_ISA_SCALAR, 0);
  pf_census_advance (&census, pf_span_str (text), 0, strlen (text), TRUE);
  g_assert_cmpuint (census.tokens, ==, tokens);
  g_assert_cmpint (census.is_invalid, ==, is_invalid);
}

static void
test_examples (void)
{
  assert_census ("", 0, FALSE);
  assert_census ("one two_2, three-four.\n", 4, FALSE);
  assert_census ("caf\303\251 \344\270\255\346\226\207", 2, FALSE);
  assert_census ("half\377way", 2, TRUE);
  assert_census ("cut off \342\202", 2, TRUE);
}

/* What is cut off at the end of a window is neither good nor bad yet. */
static void
test_cut_off (void)
{
  PfCensus census;

  pf_census_init (&census, PF_ISA_SCALAR, 0);
  pf_census_advance (&census, pf_span_str ("a\303"), 0, 2, FALSE);
  g_assert_cmpuint (census.at, ==, 1);
  g_assert_false (census.is_invalid);
  pf_census_advance (&census, pf_span_str ("a\303"), 0, 2, TRUE);
  g_assert_cmpuint (census.at, ==, 2);
  g_assert_true (census.is_invalid);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/census/examples", test_examples);
  g_test_add_func ("/census/cut-off", test_cut_off);
  g_test_add_func ("/census/windows", test_windows);
  g_test_add_func ("/census/pieces", test_pieces);
  g_test_add_func ("/census/blocks", test_blocks);
  return g_test_run ();
}
