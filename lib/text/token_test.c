/* The hash of a token sees every byte, and is the same for all spellings that
 * fold alike, whichever way it is made. */
#include "text/token.h"

#include "base/test_random.h"
#include "text/unicode.h"
#include "text/utf8.h"

#define LEN_MAX 80 /* bytes, of a random token */
static const char word_bytes[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

/* LEN word characters of ASCII, and readable bytes behind them. */
static void
random_token (guint8 *out, gsize len)
{
  for (gsize i = 0; i < len; i++)
    out[i] = (guint8)word_bytes[pf_test_draw (sizeof word_bytes - 1)];
  for (gsize i = len; i < len + 8; i++)
    out[i] = (guint8)pf_test_draw (256);
}

static guint64
hash_ascii (const guint8 *token, gsize len, PfTokenKeys keys)
{
  guint64 quick = pf_token_hash_quick (token, len, PF_TOKEN_FOLD, keys);

  return pf_token_hash_whole (quick, token, len, PF_TOKEN_FOLD);
}

static guint64
hash_folded (PfSpan token, PfTokenKeys keys)
{
  g_autofree guint8 *folded = g_malloc (PF_TOKEN_FOLDED_MAX (token.len));
  gsize len = pf_token_fold (token, folded);
  guint64 quick;

  for (gsize i = len; i < MIN (len + 8, PF_TOKEN_FOLDED_MAX (token.len)); i++)
    folded[i] = (guint8)pf_test_draw (256);
  quick = pf_token_hash_quick (folded, len, 0, keys);
  return pf_token_hash_whole (quick, folded, len, 0);
}

static guint64
hash_string (const char *token)
{
  return hash_folded (pf_span_str (token), pf_token_keys (0));
}

/* What is folded eight bytes at a time agrees with what is folded one by one,
 * whatever stands behind the token. */
static void
test_ascii (void)
{
  for (gsize len = 1; len <= LEN_MAX; len++)
    for (guint i = 0; i < 20; i++) {
      guint8 token[LEN_MAX + 8];
      PfTokenKeys keys = pf_token_keys (i);

      random_token (token, len);
      g_assert_cmphex (hash_ascii (token, len, keys), ==,
                       hash_folded ((PfSpan){ token, len }, keys));
    }
}

/* Neither case nor what stands behind makes a difference. */
static void
test_case (void)
{
  for (gsize len = 1; len <= LEN_MAX; len++) {
    guint8 token[LEN_MAX + 8], other[LEN_MAX + 8];
    PfTokenKeys keys = pf_token_keys (0);

    random_token (token, len);
    random_token (other, len);
    for (gsize i = 0; i < len; i++)
      other[i] =
          (guint8)(pf_test_draw (2) == 0 ? g_ascii_toupper ((char)token[i])
                                         : g_ascii_tolower ((char)token[i]));
    g_assert_cmphex (hash_ascii (token, len, keys), ==,
                     hash_ascii (other, len, keys));
  }
}

/* Any other byte at any place gives another hash: all differ, or they are no
 * use. (They are 64 bits wide, so that none is alike by chance.) */
static void
test_every_byte (void)
{
  for (gsize len = 1; len <= LEN_MAX; len++)
    for (gsize at = 0; at < len; at++) {
      guint8 token[LEN_MAX + 8];
      PfTokenKeys keys = pf_token_keys (pf_test_draw (8));
      guint64 hash;
      guint8 c;

      random_token (token, len);
      hash = hash_ascii (token, len, keys);
      c = (guint8)word_bytes[pf_test_draw (sizeof word_bytes - 1)];
      if (g_ascii_tolower ((char)c) == g_ascii_tolower ((char)token[at]))
        continue;
      token[at] = c;
      g_assert_cmphex (hash_ascii (token, len, keys), !=, hash);
    }
}

/* Nor do tokens of one byte agree with longer ones of this byte, nor those that
 * share their ends. */
static void
test_lengths (void)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (gsize len = 1; len <= 4096; len++) {
    g_autofree char *token = g_strnfill (len, 'a');
    guint64 hash = hash_string (token);

    g_assert_true (g_hash_table_add (seen, g_memdup2 (&hash, sizeof hash)));
  }
}

/* Numbers in the middle, beyond the first and the last eight bytes. */
static void
test_middles (void)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < 20000; i++) {
    g_autofree char *token = g_strdup_printf ("customer_%08u_record", i);
    guint64 hash = hash_string (token);

    g_assert_true (g_hash_table_add (seen, g_memdup2 (&hash, sizeof hash)));
  }
}

/* Of two seeds, all hashes differ. */
static void
test_seeds (void)
{
  for (guint32 seed = 1; seed < 8; seed++)
    for (gsize len = 1; len <= LEN_MAX; len++) {
      guint8 token[LEN_MAX + 8];

      random_token (token, len);
      g_assert_cmphex (hash_ascii (token, len, pf_token_keys (0)), !=,
                       hash_ascii (token, len, pf_token_keys (seed)));
    }
}

/* Spellings beyond ASCII agree with those that they fold to. */
static void
test_fold (void)
{
  g_assert_cmphex (hash_string ("\u212Aelvin"), ==, hash_string ("kelvin"));
  g_assert_cmphex (hash_string ("ma\u017F\u017F"), ==, hash_string ("MASS"));
  g_assert_cmphex (hash_string ("\u00C9t\u00E9"), ==,
                   hash_string ("\u00E9T\u00C9"));
  g_assert_cmphex (hash_string ("\u1E9E"), ==, hash_string ("\u00DF"));
  g_assert_cmphex (hash_string ("\U00010400"), ==, hash_string ("\U00010428"));
  g_assert_cmphex (hash_string ("\u0130"), !=, hash_string ("i"));
  g_assert_cmphex (hash_string ("\u00DF"), !=, hash_string ("ss"));
  g_assert_cmphex (hash_string ("_"), !=, hash_string ("?"));
}

/* Folding is that of text/unicode.h, but for '_', and never takes more room
 * than is promised. */
static void
test_fold_all (void)
{
  for (gunichar c = 1; c <= 0x10FFFF; c++) {
    guint8 token[4], folded[PF_TOKEN_FOLDED_MAX (4)], expected[4];
    gsize len = pf_utf8_encode (c, token), n;

    if (len == 0 || !pf_unicode_is_word (c))
      continue;
    n = pf_token_fold ((PfSpan){ token, len }, folded);
    g_assert_cmpuint (n, <=, 2 * len);
    len = pf_utf8_encode (c == '_' ? 0x7F : pf_unicode_fold (c), expected);
    g_assert_cmpmem (folded, n, expected, len);
  }
}

/* What is put after one another must not be taken for the same in another
 * order, or cut elsewhere. */
static void
test_chains (void)
{
  guint64 a = hash_string ("a"), b = hash_string ("b");
  guint64 ab = pf_chain_token (pf_chain_unit (a, ' '), b);
  guint64 all[] = { a,
                    b,
                    ab,
                    pf_chain_token (pf_chain_unit (b, ' '), a),
                    pf_chain_token (pf_chain_unit (a, '-'), b),
                    pf_chain_token (a, b),
                    pf_chain_unit (pf_chain_unit (a, '-'), '.'),
                    pf_chain_unit (pf_chain_unit (a, '.'), '-'),
                    pf_chain_token (pf_chain_unit (ab, ' '), a),
                    pf_chain_next (a, PF_NEXT_GAP (' ')),
                    pf_chain_next (a, PF_NEXT_PAIR (' ', 'b')),
                    pf_chain_next (a, PF_NEXT_PAIR ('b', ' ')),
                    pf_chain_next (a, PF_NEXT_OTHER),
                    pf_chain_next (a, PF_NEXT_OTHER | ' ') };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    for (guint k = 0; k < i; k++)
      g_assert_cmphex (all[i], !=, all[k]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token/hash/ascii", test_ascii);
  g_test_add_func ("/token/hash/case", test_case);
  g_test_add_func ("/token/hash/every-byte", test_every_byte);
  g_test_add_func ("/token/hash/lengths", test_lengths);
  g_test_add_func ("/token/hash/middles", test_middles);
  g_test_add_func ("/token/hash/seeds", test_seeds);
  g_test_add_func ("/token/fold/spellings", test_fold);
  g_test_add_func ("/token/fold/all", test_fold_all);
  g_test_add_func ("/token/chains", test_chains);
  return g_test_run ();
}
