/* Every kernel that this machine can run gives what the plain twin gives, and
 * so does the vector source without any flags, of which NEON's is made. What is
 * left to choice, as the groups of a block, is tried in full; texts are random.
 */
#include "match/kernel_twin.h"

#include "glossary/compile.h"

#define N_WORDS 400

typedef struct {
  const char *name;
  const PfKernel *kernel;
} Subject;

static guint
subjects (Subject out[PF_N_ISAS + 1])
{
  static const char *const names[PF_N_ISAS] = { "scalar", "AVX2", "AVX-512",
                                                "NEON" };
  guint n = 0;

  for (int isa = 0; isa < PF_N_ISAS; isa++)
    if (pf_isa_is_supported ((PfIsa)isa))
      out[n++] = (Subject){ names[isa], pf_kernel_for ((PfIsa)isa) };
#ifdef HAS_GENERIC_KERNEL
  out[n++] = (Subject){ "generic", &pf_kernel_neon };
#endif
  return n;
}

static guint
below (guint n)
{
  return (guint)g_test_rand_int_range (0, (gint32)n);
}

static guint
times (guint n)
{
  return g_getenv ("PF_SANITIZER") != NULL ? n / 10 : n;
}

static guint64
random64 (void)
{
  return (guint64)(guint32)g_test_rand_int () << 32 |
         (guint32)g_test_rand_int ();
}

/* A block and what must be readable behind it, and not a byte more. */
static guint8 *
new_text (gsize len)
{
  return g_malloc (len + PF_BLOCK_SLACK);
}

/* Any bytes; those beside the borders of the classes; or words. */
static void
fill_text (guint8 *text, gsize len)
{
  static const char edges[] = "@AZ[`az{/09:_^\x7F\x80\xFF\x1F ";
  guint style = below (3), one_in = 1 + below (12);

  for (gsize i = 0; i < len; i++)
    if (style == 0)
      text[i] = (guint8)below (256);
    else if (style == 1)
      text[i] = (guint8)edges[below (sizeof edges - 1)];
    else
      text[i] = below (one_in) == 0 ? ' ' : (guint8)('a' + below (26));
}

static void
check_classify (const Subject *subject, const guint8 *text, gsize n_groups)
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
    g_autofree guint8 *text = new_text (64 * n);

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
      memset (text, below (2) == 0 ? ' ' : 'x', sizeof text);
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
  gsize n = 64 * n_groups, at = below (3);

  memset (map, 0, n_groups * sizeof *map);
  while (at < n) {
    gsize end = at + 1 + below (longest);

    end = MIN (end, n);
    set_bits (map, at, end);
    at = end + 1 + (below (4) == 0 ? below (80) : 0);
  }
}

static void
check_extract_at (const Subject *subject, const guint64 *map,
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
check_extract (const Subject *subject, const guint64 *map, gsize n_groups,
               guint min_len)
{
  g_autofree guint64 *begin = g_new (guint64, n_groups + 1);

  for (gsize g = 0; g < n_groups; g++)
    begin[g] = below (3) == 0 ? 0 : random64 () & random64 ();
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

  for (gsize n = 0; n <= PF_BLOCK_GROUPS; n += n < 6 ? 1 : 1 + below (20))
    for (guint min_len = 1; min_len <= 64; min_len++) {
      g_autofree guint64 *map = new_map (n);

      fill_runs (map, n, longest[below (G_N_ELEMENTS (longest))]);
      check_extract (data, map, n, min_len);
    }
}

/* One run of each length at each place, also over two edges of groups. */
static void
test_extract_places (gconstpointer data)
{
  for (gsize at = 0; at < 130; at++)
    for (gsize len = 1; len <= 192 - at; len += 1 + below (3)) {
      guint64 map[5] = { 0 };

      set_bits (map, at, at + len);
      check_extract (data, map, 3, 1 + below (64));
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
  const Subject *subject = data;
  g_autofree PfPrefixes *prefixes = g_new (PfPrefixes, 1);
  guint8 text[64 * 5 + PF_BLOCK_SLACK];
  guint64 found[5], expected[5];

  if (subject->kernel->find_prefixes == NULL)
    return;
  for (guint i = 0; i < times (3000); i++) {
    for (guint k = 0; k < sizeof prefixes->buckets; k++)
      ((guint8 *)prefixes)[k] = (guint8)(random64 () & random64 ());
    for (guint k = 0; k < sizeof text; k++)
      text[k] = (guint8)random64 ();
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
    guint longest = below (20) == 0 ? 5000 : 40;
    gsize most = MIN (longest, len), size = 1 + below ((guint)most);
    gsize at = below ((guint)(len - size + 1));

    tokens->at[i] = (PfToken){ (guint16)at, (guint16)(at + size) };
  }
  return tokens;
}

static guint
check_probe (const Subject *subject, const guint8 *text, const PfTokens *tokens,
             guint n, const PfFilter *filter)
{
  g_autofree PfCandidates *found = g_new0 (PfCandidates, 1);
  g_autofree PfCandidates *expected = g_new0 (PfCandidates, 1);
  guint64 fold = below (2) == 0 ? 0 : PF_TOKEN_FOLD;
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
    words[i] = random64 () | random64 ();
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

    for (guint k = 0; k < times (200); k++) {
      PfFilter filter = { words, sizes[i], pf_token_keys ((guint32)below (8)) };
      gsize len = 1 + below (PF_BLOCK);
      guint n = below (below (2) == 0 ? 20 : PF_BLOCK / 2 + 1);
      g_autofree guint8 *text = new_text (len);
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
    g_autofree guint8 *text = new_text (len);
    g_autofree PfTokens *tokens = random_tokens (0, len);
    guint64 hash;

    for (guint i = 0; i < len; i++)
      text[i] = (guint8)('a' + below (26));
    hash = pf_token_hash_quick (text, len, PF_TOKEN_FOLD, keys);
    words[pf_filter_word (hash, filter.n_words)] = pf_filter_mask (hash);
    tokens->at[0].start = 0;
    g_assert_cmpuint (check_probe (data, text, tokens, 1, &filter), ==, 1);
  }
}

/* Random words, and what they come to as an index. */
typedef struct {
  GPtrArray *words; /* char *, owned */
  PfRawEntry *entries;
  PfCompiled made;
  PfIndex index;
  guint8 *text; /* a block of such words */
  PfPrepared prepared[PF_BLOCK];
  guint n;
} Lookups;

static char *
random_word (void)
{
  guint len = below (4) == 0 ? 1 + below (40) : 1 + below (6);
  char *word = g_malloc0 (len + 1);

  for (guint i = 0; i < len; i++)
    word[i] = "abAB_09z"[below (8)];
  return word;
}

/* Some words differ in nothing but case, and some in nothing. */
static void
compile_words (Lookups *self)
{
  gsize source = 0;

  self->words = g_ptr_array_new_with_free_func (g_free);
  self->entries = g_new0 (PfRawEntry, N_WORDS);
  for (guint i = 0; i < N_WORDS; i++) {
    char *word = random_word ();

    g_ptr_array_add (self->words, word);
    self->entries[i] = (PfRawEntry){ .term = (const guint8 *)word,
                                     .term_len = (guint16)strlen (word),
                                     .rules = (PfRuleBits)(i % 2) };
  }
  g_assert_true (
      pf_compile (&self->made, self->entries, N_WORDS, &source, 1, 1, NULL));
  self->index =
      (PfIndex){ .numbers = self->made.numbers,
                 .filter = self->made.filter,
                 .chains = self->made.chains,
                 .table = self->made.table,
                 .items = { self->made.items, self->made.items_len } };
}

static void
prepare_word (Lookups *self, gsize start, gsize end)
{
  const guint8 *p = self->text + start;
  PfTokenKeys keys = pf_token_keys (self->index.numbers.seed);
  guint64 hash = pf_token_hash_whole (
      pf_token_hash_quick (p, end - start, PF_TOKEN_FOLD, keys), p, end - start,
      PF_TOKEN_FOLD);
  guint64 spread = pf_key_spread (hash);

  self->prepared[self->n++] = (PfPrepared){
    .hash = hash,
    .at = pf_key_group (spread, self->index.numbers.n_groups),
    .tag = pf_key_tag (spread),
    .start = (guint16)start,
    .end = (guint16)end,
    .leads_on = below (8) == 0,
  };
}

/* Words of the glossary as they stand or in another case, and others. */
static void
prepare_text (Lookups *self)
{
  gsize at = 0;

  self->text = new_text (PF_BLOCK);
  memset (self->text, ' ', PF_BLOCK + PF_BLOCK_SLACK);
  while (at + 50 < PF_BLOCK) {
    g_autofree char *other = random_word ();
    const char *word = below (3) == 0
                           ? other
                           : g_ptr_array_index (self->words, below (N_WORDS));
    gsize len = strlen (word), from = at;

    for (; *word != '\0'; word++)
      self->text[at++] =
          (guint8)(below (8) == 0 && *word != '_' ? *word ^ 0x20 : *word);
    for (gsize i = from; i < at; i++)
      if (!g_ascii_isalnum (self->text[i]) && self->text[i] != '_')
        self->text[i] = '7';
    prepare_word (self, from, from + len);
    at++;
  }
}

static void
lookups_init (Lookups *self)
{
  compile_words (self);
  prepare_text (self);
}

static void
lookups_clear (Lookups *self)
{
  pf_compiled_clear (&self->made);
  g_ptr_array_unref (self->words);
  g_free (self->entries);
  g_free (self->text);
}

static PfComparison
comparison_of (const Lookups *self, gboolean folding)
{
  return (PfComparison){ .text = self->text,
                         .fold = folding ? PF_TOKEN_FOLD : 0,
                         .unsure = folding ? PF_ITEM_MORE : PF_ITEM_TWIN,
                         .n_entries = self->made.n_entries };
}

/* Returns what is left, in PREPARED. */
static guint
run_lookups (const PfKernel *kernel, const Lookups *self,
             const PfComparison *how, PfPrepared *prepared)
{
  memcpy (prepared, self->prepared, self->n * sizeof *prepared);
  kernel->locate (&self->index, prepared, self->n);
  return kernel->compare (&self->index, how, prepared, self->n);
}

static void
check_lookups (const Subject *subject, const Lookups *self,
               const PfComparison *how)
{
  g_autofree PfPrepared *found = g_new0 (PfPrepared, PF_BLOCK);
  g_autofree PfPrepared *expected = g_new0 (PfPrepared, PF_BLOCK);
  guint n;

  memcpy (found, self->prepared, self->n * sizeof *found);
  memcpy (expected, self->prepared, self->n * sizeof *expected);
  subject->kernel->locate (&self->index, found, self->n);
  pf_kernel_twin.locate (&self->index, expected, self->n);
  g_assert_cmpmem (found, self->n * sizeof *found, expected,
                   self->n * sizeof *expected);
  n = run_lookups (&pf_kernel_twin, self, how, expected);
  g_assert_cmpuint (run_lookups (subject->kernel, self, how, found), ==, n);
  g_assert_cmpmem (found, n * sizeof *found, expected, n * sizeof *expected);
}

/* An image may hold anything. */
static void
damage (Lookups *self)
{
  gsize n_words = pf_table_words (self->index.numbers.n_groups);

  for (guint i = 0; i < 100; i++) {
    gsize group = below ((guint)(n_words / PF_GROUP_WORDS)) * PF_GROUP_WORDS;

    self->made.table[group + below (8)] = self->made.table[group + below (8)];
    self->made.table[below ((guint)n_words)] = (guint32)random64 ();
    self->made.items[below ((guint)self->made.items_len)] ^=
        (guint8)(1 << below (8));
  }
  self->index.items.len -= below (100);
}

static void
test_lookups (gconstpointer data)
{
  for (guint i = 0; i < MAX (times (100), 10); i++) {
    Lookups *lookups = g_new0 (Lookups, 1);

    lookups_init (lookups);
    for (guint folding = 0; folding < 2; folding++) {
      PfComparison how = comparison_of (lookups, folding);

      check_lookups (data, lookups, &how);
      how.n_entries = below (how.n_entries);
      check_lookups (data, lookups, &how);
    }
    damage (lookups);
    for (guint folding = 0; folding < 2; folding++) {
      PfComparison how = comparison_of (lookups, folding);

      check_lookups (data, lookups, &how);
    }
    lookups_clear (lookups);
    g_free (lookups);
  }
}

/* How many entries are spelled as the token of PREPARED. */
static guint
count_spelled (const Lookups *self, const PfPrepared *prepared,
               gboolean folding, guint32 *entry)
{
  const char *token = (const char *)self->text + prepared->start;
  gsize len = (gsize)(prepared->end - prepared->start);
  guint n = 0;

  for (guint raw = 0, number = 0; raw < N_WORDS; raw++) {
    const char *word = g_ptr_array_index (self->words, raw);

    if (self->made.dropped != NULL &&
        (self->made.dropped[raw / 8] >> raw % 8 & 1) != 0)
      continue;
    if (strlen (word) == len &&
        (folding ? g_ascii_strncasecmp (word, token, len) == 0
                 : memcmp (word, token, len) == 0)) {
      *entry = number;
      n++;
    }
    number++;
  }
  return n;
}

/* What is found is there, alone; what is let go of is not. */
static void
check_answers (const Lookups *self, gboolean folding, guint counts[2])
{
  g_autofree PfPrepared *left = g_new0 (PfPrepared, PF_BLOCK);
  PfComparison how = comparison_of (self, folding);
  guint n = run_lookups (&pf_kernel_twin, self, &how, left), k = 0;

  for (guint i = 0; i < self->n; i++) {
    const PfPrepared *before = &self->prepared[i];
    guint32 entry = G_MAXUINT32;
    guint there = count_spelled (self, before, folding, &entry);
    gboolean is_kept = k < n && left[k].start == before->start;

    if (!is_kept) {
      g_assert_cmpuint (there, ==, 0);
      g_assert_false (before->leads_on);
      counts[0]++;
    } else if (left[k].gap == PF_STATE_FOUND) {
      g_assert_cmpuint (there, ==, 1);
      g_assert_cmpuint (left[k].tag, ==, entry);
      g_assert_false (before->leads_on);
      counts[1]++;
    }
    k += is_kept;
  }
  g_assert_cmpuint (k, ==, n);
}

static void
test_answers (void)
{
  guint counts[2] = { 0 };

  for (guint i = 0; i < MAX (times (30), 5); i++) {
    Lookups *lookups = g_new0 (Lookups, 1);

    lookups_init (lookups);
    check_answers (lookups, FALSE, counts);
    check_answers (lookups, TRUE, counts);
    lookups_clear (lookups);
    g_free (lookups);
  }
  g_assert_cmpuint (counts[0], >, 100);
  g_assert_cmpuint (counts[1], >, 100);
}

static void
add (const Subject *subject, const char *topic, GTestDataFunc func)
{
  g_autofree char *path =
      g_strdup_printf ("/kernel/%s/%s", subject->name, topic);

  g_test_add_data_func (path, subject, func);
}

int
main (int argc, char **argv)
{
  static Subject all[PF_N_ISAS + 1];
  guint n;

  g_test_init (&argc, &argv, NULL);
  n = subjects (all);
  g_test_add_func ("/kernel/twin/answers", test_answers);
  for (guint i = 0; i < n; i++) {
    add (&all[i], "classify", test_classify);
    add (&all[i], "classify-bytes", test_classify_bytes);
    add (&all[i], "extract", test_extract);
    add (&all[i], "extract-places", test_extract_places);
    add (&all[i], "extract-full", test_extract_full);
    add (&all[i], "prefixes", test_prefixes);
    add (&all[i], "probe", test_probe);
    add (&all[i], "probe-lengths", test_probe_lengths);
    add (&all[i], "lookups", test_lookups);
  }
  return g_test_run ();
}
