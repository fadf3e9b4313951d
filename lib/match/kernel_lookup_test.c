/* Looking tokens up: every kernel gives what the plain twin gives, for whole
 * and for damaged tables, and the twin gives what is true.
 */
#include "match/test_kernel.h"

#include <string.h>

#include "glossary/compile.h"

#define N_WORDS 400

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
  guint len =
      pf_test_draw (4) == 0 ? 1 + pf_test_draw (40) : 1 + pf_test_draw (6);
  char *word = g_malloc0 (len + 1);

  for (guint i = 0; i < len; i++)
    word[i] = "abAB_09z"[pf_test_draw (8)];
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
    .leads_on = pf_test_draw (8) == 0,
  };
}

/* Words of the glossary as they stand or in another case, and others. */
static void
prepare_text (Lookups *self)
{
  gsize at = 0;

  self->text = pf_test_kernel_text (PF_BLOCK);
  memset (self->text, ' ', PF_BLOCK + PF_BLOCK_SLACK);
  while (at + 50 < PF_BLOCK) {
    g_autofree char *other = random_word ();
    const char *word =
        pf_test_draw (3) == 0
            ? other
            : g_ptr_array_index (self->words, pf_test_draw (N_WORDS));
    gsize len = strlen (word), from = at;

    for (; *word != '\0'; word++)
      self->text[at++] =
          (guint8)(pf_test_draw (8) == 0 && *word != '_' ? *word ^ 0x20
                                                         : *word);
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
check_lookups (const PfTestKernel *subject, const Lookups *self,
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
    gsize group =
        pf_test_draw ((guint)(n_words / PF_GROUP_WORDS)) * PF_GROUP_WORDS;

    self->made.table[group + pf_test_draw (8)] =
        self->made.table[group + pf_test_draw (8)];
    self->made.table[pf_test_draw ((guint)n_words)] =
        (guint32)pf_test_random64 ();
    self->made.items[pf_test_draw ((guint)self->made.items_len)] ^=
        (guint8)(1 << pf_test_draw (8));
  }
  self->index.items.len -= pf_test_draw (100);
}

static void
test_lookups (gconstpointer data)
{
  for (guint i = 0; i < MAX (pf_test_rounds (100), 10); i++) {
    Lookups *lookups = g_new0 (Lookups, 1);

    lookups_init (lookups);
    for (guint folding = 0; folding < 2; folding++) {
      PfComparison how = comparison_of (lookups, folding);

      check_lookups (data, lookups, &how);
      how.n_entries = pf_test_draw (how.n_entries);
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

  for (guint i = 0; i < MAX (pf_test_rounds (30), 5); i++) {
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

int
main (int argc, char **argv)
{
  static PfTestKernel all[PF_TEST_KERNELS_MAX];
  guint n;

  g_test_init (&argc, &argv, NULL);
  n = pf_test_kernels (all);
  g_test_add_func ("/kernel/twin/answers", test_answers);
  for (guint i = 0; i < n; i++)
    pf_test_kernel_add (&all[i], "lookups", test_lookups);
  return g_test_run ();
}
