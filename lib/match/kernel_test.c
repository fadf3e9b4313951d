/* Every kernel gives what the plain twin gives in finding tokens and asking the
 * filter for them. What is left to choice, as the groups of a block, is tried
 * in full; texts are random. Look-ups are for kernel_lookup_test.c.
 */
#include "match/test_kernel.h"

/* Any bytes; those beside the borders of the classes; or words. */
static void
fill_text (guint8 *text, gsize len)
{
  static const char edges[] = "@AZ[`az{/09:_^\x7F\x80\xFF\x1F ";
  guint style = pf_test_draw (3), one_in = 1 + pf_test_draw (12);

  for (gsize i = 0; i < len; i++)
    if (style == 0)
      text[i] = (guint8)pf_test_draw (256);
    else if (style == 1)
      text[i] = (guint8)edges[pf_test_draw (sizeof edges - 1)];
    else
      text[i] =
          pf_test_draw (one_in) == 0 ? ' ' : (guint8)('a' + pf_test_draw (26));
}

static void
check_classify (const PfTestKernel *subject, const guint8 *text, gsize n_groups)
{
  g_autofree PfBitmaps *found = g_new (PfBitmaps, 1);
  g_autofree PfBitmaps *expected = g_new (PfBitmaps, 1);
  gboolean high;

  /* Nothing is written behind the groups. */
  memset (found, 0x5A, sizeof *found);
  memset (expected, 0x5A, sizeof *expected);
  high = pf_kernel_twin.classify (text, n_groups, expected);
  g_assert_cmpint (subject->kernel->classify (text, n_groups, found) != 0, ==,
                   high != 0);
  g_assert_cmpmem (found, sizeof *found, expected, sizeof *expected);
}

static void
test_classify (gconstpointer data)
{
  for (gsize n = 0; n <= PF_BLOCK_GROUPS; n++) {
    g_autofree guint8 *text = pf_test_kernel_text (64 * n);

    fill_text (text, 64 * n);
    check_classify (data, text, n);
  }
}

/* Each byte alone, at each place of a group, among zeros and among ones. */
static void
test_classify_bytes (gconstpointer data)
{
  guint8 text[64];

  for (guint byte = 0; byte < 256; byte++)
    for (guint at = 0; at < 64; at++) {
      memset (text, pf_test_draw (2) == 0 ? ' ' : 'x', sizeof text);
      text[at] = (guint8)byte;
      check_classify (data, text, 1);
    }
}

static void
set_bits (guint64 *map, gsize from, gsize to)
{
  for (; from < to; from++)
    map[from / 64] |= (guint64)1 << from % 64;
}

/* Runs of up to LONGEST bits, of which some cross groups. */
static void
fill_runs (guint64 *map, gsize n_groups, guint longest)
{
  gsize n = 64 * n_groups, at = pf_test_draw (3);

  memset (map, 0, n_groups * sizeof *map);
  while (at < n) {
    gsize end = at + 1 + pf_test_draw (longest);

    end = MIN (end, n);
    set_bits (map, at, end);
    at = end + 1 + (pf_test_draw (4) == 0 ? pf_test_draw (80) : 0);
  }
}

static void
check_extract_at (const PfTestKernel *subject, const guint64 *map,
                  const guint64 *begin, gsize n_groups, guint min_len)
{
  g_autofree PfTokens *found = g_new0 (PfTokens, 1);
  g_autofree PfTokens *expected = g_new0 (PfTokens, 1);
  guint n = pf_kernel_twin.extract (map, begin, n_groups, min_len, expected);

  g_assert_cmpuint (
      subject->kernel->extract (map, begin, n_groups, min_len, found), ==, n);
  g_assert_cmpmem (found->at, n * sizeof (PfToken), expected->at,
                   n * sizeof (PfToken));
}

/* Anywhere, and at a few places only. */
static void
check_extract (const PfTestKernel *subject, const guint64 *map, gsize n_groups,
               guint min_len)
{
  g_autofree guint64 *begin = g_new (guint64, n_groups + 1);

  for (gsize g = 0; g < n_groups; g++)
    begin[g] =
        pf_test_draw (3) == 0 ? 0 : pf_test_random64 () & pf_test_random64 ();
  check_extract_at (subject, map, NULL, n_groups, min_len);
  check_extract_at (subject, map, begin, n_groups, min_len);
}

/* Only the word behind the groups is promised to be zero. */
static guint64 *
new_map (gsize n_groups)
{
  guint64 *map = g_new0 (guint64, n_groups + 2);

  map[n_groups + 1] = G_MAXUINT64;
  return map;
}

static void
test_extract (gconstpointer data)
{
  static const guint longest[] = { 1, 3, 9, 70, 140, 1000 };

  for (gsize n = 0; n <= PF_BLOCK_GROUPS;
       n += n < 6 ? 1 : 1 + pf_test_draw (20))
    for (guint min_len = 1; min_len <= 64; min_len++) {
      g_autofree guint64 *map = new_map (n);

      fill_runs (map, n, longest[pf_test_draw (G_N_ELEMENTS (longest))]);
      check_extract (data, map, n, min_len);
    }
}

/* One run of each length at each place, also over two edges of groups. */
static void
test_extract_places (gconstpointer data)
{
  for (gsize at = 0; at < 130; at++)
    for (gsize len = 1; len <= 192 - at; len += 1 + pf_test_draw (3)) {
      guint64 map[5] = { 0 };

      set_bits (map, at, at + len);
      check_extract (data, map, 3, 1 + pf_test_draw (64));
      check_extract (data, map, 3, (guint)MIN (len, 64));
    }
}

/* As many tokens as there can be, and as few. */
static void
test_extract_full (gconstpointer data)
{
  for (guint64 bits = 1; bits <= 3; bits++) {
    g_autofree guint64 *map = new_map (PF_BLOCK_GROUPS);

    for (gsize g = 0; g < PF_BLOCK_GROUPS; g++)
      map[g] = bits * 0x5555555555555555u;
    for (guint min_len = 1; min_len <= 64; min_len++)
      check_extract (data, map, PF_BLOCK_GROUPS, min_len);
  }
}

/* Any buckets in any text. */
static void
test_prefixes (gconstpointer data)
{
  const PfTestKernel *subject = data;
  g_autofree PfPrefixes *prefixes = g_new (PfPrefixes, 1);
  guint8 text[64 * 5 + PF_BLOCK_SLACK];
  guint64 found[5], expected[5];

  if (subject->kernel->find_prefixes == NULL)
    return;
  for (guint i = 0; i < pf_test_rounds (3000); i++) {
    for (guint k = 0; k < sizeof prefixes->buckets; k++)
      ((guint8 *)prefixes)[k] =
          (guint8)(pf_test_random64 () & pf_test_random64 ());
    for (guint k = 0; k < sizeof text; k++)
      text[k] = (guint8)pf_test_random64 ();
    subject->kernel->find_prefixes (text, 5, prefixes, found);
    pf_kernel_twin.find_prefixes (text, 5, prefixes, expected);
    g_assert_cmpmem (found, sizeof found, expected, sizeof expected);
  }
}

/* N tokens anywhere in LEN bytes of text. Behind the last of them the arrays
 * hold positions of the block, as extract leaves them. */
static PfTokens *
random_tokens (guint n, gsize len)
{
  PfTokens *tokens = g_new (PfTokens, 1);

  for (guint i = 0; i < G_N_ELEMENTS (tokens->at); i++)
    tokens->at[i] = (PfToken){ (guint16)len, (guint16)len };
  for (guint i = 0; i < n; i++) {
    guint longest = pf_test_draw (20) == 0 ? 5000 : 40;
    gsize most = MIN (longest, len), size = 1 + pf_test_draw ((guint)most);
    gsize at = pf_test_draw ((guint)(len - size + 1));

    tokens->at[i] = (PfToken){ (guint16)at, (guint16)(at + size) };
  }
  return tokens;
}

static guint
check_probe (const PfTestKernel *subject, const guint8 *text,
             const PfTokens *tokens, guint n, const PfFilter *filter)
{
  g_autofree PfCandidates *found = g_new0 (PfCandidates, 1);
  g_autofree PfCandidates *expected = g_new0 (PfCandidates, 1);
  guint64 fold = pf_test_draw (2) == 0 ? 0 : PF_TOKEN_FOLD;
  guint kept = pf_kernel_twin.probe (text, tokens, n, fold, filter, expected);

  g_assert_cmpuint (
      subject->kernel->probe (text, tokens, n, fold, filter, found), ==, kept);
  g_assert_cmpmem (found->hash, kept * sizeof (guint64), expected->hash,
                   kept * sizeof (guint64));
  g_assert_cmpmem (found->start, kept * sizeof (guint16), expected->start,
                   kept * sizeof (guint16));
  g_assert_cmpmem (found->end, kept * sizeof (guint16), expected->end,
                   kept * sizeof (guint16));
  return kept;
}

static guint64 *
random_filter (guint32 n_words)
{
  guint64 *words = g_new (guint64, n_words);

  for (guint32 i = 0; i < n_words; i++)
    words[i] = pf_test_random64 () | pf_test_random64 ();
  return words;
}

static void
test_probe (gconstpointer data)
{
  static const guint32 sizes[] = {
    1, 2, 3, 1000, PF_NEAR_WORDS, PF_NEAR_WORDS + 1, 300000
  };
  guint kept = 0, asked = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree guint64 *words = random_filter (sizes[i]);

    for (guint k = 0; k < pf_test_rounds (200); k++) {
      PfFilter filter = { words, sizes[i],
                          pf_token_keys ((guint32)pf_test_draw (8)) };
      gsize len = 1 + pf_test_draw (PF_BLOCK);
      guint n = pf_test_draw (pf_test_draw (2) == 0 ? 20 : PF_BLOCK / 2 + 1);
      g_autofree guint8 *text = pf_test_kernel_text (len);
      g_autofree PfTokens *tokens = random_tokens (n, len);

      fill_text (text, len + PF_BLOCK_SLACK);
      kept += check_probe (data, text, tokens, n, &filter);
      asked += n;
    }
  }
  g_assert_cmpuint (kept, >, asked / 10);
  g_assert_cmpuint (kept, <, asked);
}

/* Each length alone in a filter that has no other token. */
static void
test_probe_lengths (gconstpointer data)
{
  PfTokenKeys keys = pf_token_keys (0);

  for (guint len = 1; len <= 300; len++) {
    g_autofree guint64 *words = g_new0 (guint64, 300000);
    PfFilter filter = { words, len % 2 == 0 ? 300000 : 500, keys };
    g_autofree guint8 *text = pf_test_kernel_text (len);
    g_autofree PfTokens *tokens = random_tokens (0, len);
    guint64 hash;

    for (guint i = 0; i < len; i++)
      text[i] = (guint8)('a' + pf_test_draw (26));
    hash = pf_token_hash_quick (text, len, PF_TOKEN_FOLD, keys);
    words[pf_filter_word (hash, filter.n_words)] = pf_filter_mask (hash);
    tokens->at[0].start = 0;
    g_assert_cmpuint (check_probe (data, text, tokens, 1, &filter), ==, 1);
  }
}

int
main (int argc, char **argv)
{
  static PfTestKernel all[PF_TEST_KERNELS_MAX];
  guint n;

  g_test_init (&argc, &argv, NULL);
  n = pf_test_kernels (all);
  for (guint i = 0; i < n; i++) {
    pf_test_kernel_add (&all[i], "classify", test_classify);
    pf_test_kernel_add (&all[i], "classify-bytes", test_classify_bytes);
    pf_test_kernel_add (&all[i], "extract", test_extract);
    pf_test_kernel_add (&all[i], "extract-places", test_extract_places);
    pf_test_kernel_add (&all[i], "extract-full", test_extract_full);
    pf_test_kernel_add (&all[i], "prefixes", test_prefixes);
    pf_test_kernel_add (&all[i], "probe", test_probe);
    pf_test_kernel_add (&all[i], "probe-lengths", test_probe_lengths);
  }
  return g_test_run ();
}
