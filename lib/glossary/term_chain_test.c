/* Terms as chains: what is before, between and after tokens, and which terms
 * share keys. Word edges are tried with every character there is. */
#include "glossary/term_chain.h"

#include "glossary/glossary.h"
#include "text/unicode.h"
#include "text/utf8.h"

static PfTermChain
chain_of (const char *term)
{
  PfTermChain chain;

  pf_term_chain (&chain, pf_span_str (term), pf_token_keys (0));
  return chain;
}

static guint64
key_of (const char *term)
{
  PfTermChain chain = chain_of (term);

  return pf_term_key (&chain, pf_span_str (term));
}

typedef struct {
  const char *term;
  guint n_tokens, before, after;
  guint after_first;
  gsize first_len;
  gboolean first_ascii;
} Row;

static void
test_parts (void)
{
  static const Row rows[] = {
    { "cat", 1, 0, 0, PF_AFTER_NOTHING, 3, TRUE },
    { "C++", 1, 0, 2, '+', 1, TRUE },
    { ".NET", 1, 1, 0, PF_AFTER_NOTHING, 3, TRUE },
    { "#define x", 2, 1, 0, PF_AFTER_NOTHING, 6, TRUE },
    { ".NET C++ 5.0!", 4, 1, 1, '!', 3, TRUE },
    { "a - b", 2, 0, 0, PF_AFTER_NOTHING, 1, TRUE },
    { "- \t a (", 1, 2, 2, ' ', 1, TRUE },
    { "a\u3000\u2026", 1, 0, 2, ' ', 1, TRUE },
    { "a\u2026", 1, 0, 1, 0xE2, 1, TRUE },
    { "new_york 9", 2, 0, 0, PF_AFTER_NOTHING, 8, TRUE },
    { "caf\u00E9", 1, 0, 0, PF_AFTER_NOTHING, 5, FALSE },
    { "\u212Aelvin", 1, 0, 0, PF_AFTER_NOTHING, 6, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    PfTermChain chain = chain_of (rows[i].term);

    g_assert_cmpuint (chain.n_tokens, ==, rows[i].n_tokens);
    g_assert_cmpuint (chain.shape.before, ==, rows[i].before);
    g_assert_cmpuint (chain.shape.after, ==, rows[i].after);
    g_assert_cmpuint (chain.after_first, ==, rows[i].after_first);
    g_assert_cmpuint (chain.first_len, ==, rows[i].first_len);
    g_assert_cmpint (chain.first_ascii, ==, rows[i].first_ascii);
  }
}

/* No token leads to a term without word characters. */
static void
test_no_token (void)
{
  g_assert_cmpuint (chain_of ("++").n_tokens, ==, 0);
  g_assert_cmpuint (chain_of ("\u2026 \U0001F600").n_tokens, ==, 0);
  g_assert_cmphex (key_of ("++"), !=, key_of ("--"));
}

/* What the filters are told of the steps to the second, third ... token. */
static void
test_steps (void)
{
  PfTermChain chain = chain_of ("a -B\u3000\u00C9_c..d, E");

  g_assert_cmpuint (chain.n_tokens, ==, 5);
  g_assert_cmphex (chain.nodes[0], ==, chain_of ("a").chain);
  g_assert_cmphex (chain.nodes[1], ==, chain_of ("a -b").chain);
  g_assert_cmphex (chain.nodes[2], ==, chain_of ("A -b \u00E9_c").chain);
  g_assert_cmphex (chain.nodes[3], ==, chain_of ("a -b \u00E9_c..d").chain);
  g_assert_cmpuint (chain.next[0], ==, ' ');
  g_assert_cmpuint (chain.second[0], ==, '-');
  g_assert_cmpuint (chain.next[1], ==, ' ');
  g_assert_cmpuint (chain.second[1], ==, 0xC3);
  g_assert_cmpuint (chain.next[2], ==, '.');
  g_assert_cmpuint (chain.second[2], ==, '.');
  g_assert_cmpuint (chain.next[3], ==, ',');
  g_assert_cmpuint (chain.second[3], ==, ' ');
  g_assert_cmpuint (chain_of ("a _").second[0], ==, 0x7F);
  g_assert_cmpuint (chain_of ("a \u212A").second[0], ==, 'k');
}

/* Case, and how white space is written, make no other key. */
static void
test_same_key (void)
{
  static const char *const same[][2] = {
    { "New York", "nEW\t\n  yORK" }, { "C++", "c++" },
    { "a\u3000b", "a b" },           { ". net", ".\u00A0 NET" },
    { "net !", "NET\t !" },          { "\u212A\u017F", "ks" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    g_assert_cmphex (key_of (same[i][0]), ==, key_of (same[i][1]));
}

/* All else does. */
static void
test_other_keys (void)
{
  static const char *const terms[] = {
    "a",     "b",    "ab",   "a b", "b a",  "a-b",  "a--b", "a -b", "a- b",
    "a - b", "-a",   "a-",   "-a-", "--a",  "a--",  "- a",  "a -",  ".a",
    "a.",    ".a-",  "-a.",  "-.a", ".-a",  "a.-",  "a-.",  "-a b", "a b-",
    "a b c", "a bc", "ab c", "a_b", "a b.", ".a b", "a, b", "a. b", "--",
  };

  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    for (guint k = 0; k < i; k++)
      g_assert_cmphex (key_of (terms[i]), !=, key_of (terms[k]));
}

/* A character between two letters: one token, two, or white space. */
static void
check_edge (gunichar c)
{
  g_autoptr (GString) term = g_string_new ("x");
  gboolean is_word = pf_unicode_is_word (c);
  guint8 bytes[4];
  PfTermChain chain;

  g_string_append_len (term, (const char *)bytes,
                       (gssize)pf_utf8_encode (c, bytes));
  g_string_append_c (term, 'y');
  pf_term_chain (&chain, (PfSpan){ (const guint8 *)term->str, term->len },
                 pf_token_keys (0));
  g_assert_cmpuint (chain.n_tokens, ==, is_word ? 1 : 2);
  if (!is_word)
    g_assert_cmpuint (chain.next[0], ==,
                      pf_unicode_is_space (c) ? ' ' : bytes[0]);
}

static void
test_edges (void)
{
  for (gunichar c = 0; c <= 0x10FFFF; c += c < 0x20000 ? 1 : 61)
    if (c < 0xD800 || c > 0xDFFF)
      check_edge (c);
}

/* The longest terms there can be. */
static void
test_longest (void)
{
  g_autofree char *letters = g_strnfill (PF_TERM_MAX, 'a');
  g_autofree char *dots = g_strnfill (PF_TERM_MAX, '.');

  g_assert_cmpuint (chain_of (letters).first_len, ==, PF_TERM_MAX);
  g_assert_cmpuint (chain_of (dots).shape.before, ==, PF_TERM_MAX);
  dots[PF_TERM_MAX / 2] = 'a';
  g_assert_cmpuint (chain_of (dots).shape.after, ==, PF_TERM_MAX / 2 - 1);
  for (guint i = 0; i < PF_TERM_MAX; i += 2)
    dots[i] = 'a';
  g_assert_cmpuint (chain_of (dots).n_tokens, ==, PF_TERM_MAX / 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/term-chain/parts", test_parts);
  g_test_add_func ("/term-chain/no-token", test_no_token);
  g_test_add_func ("/term-chain/steps", test_steps);
  g_test_add_func ("/term-chain/keys/same", test_same_key);
  g_test_add_func ("/term-chain/keys/other", test_other_keys);
  g_test_add_func ("/term-chain/edges", test_edges);
  g_test_add_func ("/term-chain/longest", test_longest);
  return g_test_run ();
}
