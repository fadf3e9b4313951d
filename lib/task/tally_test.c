/* A tally against a GHashTable and a list, its slow twin. */
#include "task/tally.h"

typedef struct {
  GHashTable *counts; /* term_id -> how often */
  GArray *order;      /* guint32, by first appearance */
} Twin;

static void
twin_add (Twin *self, guint32 term_id, gsize n)
{
  gpointer key = GUINT_TO_POINTER (term_id);
  gsize old = GPOINTER_TO_SIZE (g_hash_table_lookup (self->counts, key));

  if (!g_hash_table_contains (self->counts, key))
    g_array_append_val (self->order, term_id);
  g_hash_table_insert (self->counts, key, GSIZE_TO_POINTER (old + n));
}

static void
check (const PfTally *tally, const Twin *twin)
{
  g_assert_cmpuint (tally->n, ==, twin->order->len);
  for (guint32 i = 0; i < tally->n; i++) {
    const PfTallyCount *count = &tally->counts[i];

    g_assert_cmpuint (count->term_id, ==,
                      g_array_index (twin->order, guint32, i));
    g_assert_cmpuint (count->count, ==,
                      GPOINTER_TO_SIZE (g_hash_table_lookup (
                          twin->counts, GUINT_TO_POINTER (count->term_id))));
  }
}

/* One document of N occurrences of terms below RANGE, STEP apart. */
static void
count_document (PfTally *tally, guint n, guint32 range, guint32 step)
{
  Twin twin = { g_hash_table_new (NULL, NULL),
                g_array_new (FALSE, FALSE, sizeof (guint32)) };

  pf_tally_reset (tally);
  for (guint i = 0; i < n; i++) {
    guint32 term_id = (guint32)g_test_rand_int_range (0, (gint32)range) * step;
    guint32 times = (guint32)g_test_rand_int_range (1, 4);

    pf_tally_add (tally, term_id, times);
    twin_add (&twin, term_id, times);
  }
  check (tally, &twin);
  g_hash_table_unref (twin.counts);
  g_array_unref (twin.order);
}

/* One tally for documents large and small, with terms that are near each
 * other, and terms that are far apart, up to the largest number. */
static void
test_documents (void)
{
  static const guint sizes[] = { 0, 1, 7, 100, 3000, 20000, 5, 3000, 0, 64 };
  g_auto (PfTally) tally = { 0 };

  pf_tally_init (&tally);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    count_document (&tally, sizes[i], 10, 1);
    count_document (&tally, sizes[i], 5000, 1);
    count_document (&tally, sizes[i], 4096, 1 << 20);
    count_document (&tally, sizes[i], G_MAXINT32, 2);
  }
}

/* The same stamp counts once, also for terms that took turns. */
static void
test_once (void)
{
  g_auto (PfTally) tally = { 0 };

  pf_tally_init (&tally);
  pf_tally_add (&tally, 7, 1);
  for (guint64 stamp = 1; stamp <= 3; stamp++) {
    pf_tally_add_once (&tally, 7, stamp);
    pf_tally_add_once (&tally, 9, stamp);
    pf_tally_add_once (&tally, 7, stamp);
    pf_tally_add_once (&tally, 9, stamp);
  }
  g_assert_cmpuint (tally.n, ==, 2);
  g_assert_cmpuint (tally.counts[0].count, ==, 4);
  g_assert_cmpuint (tally.counts[1].count, ==, 3);
  pf_tally_reset (&tally);
  pf_tally_add_once (&tally, 9, 3);
  g_assert_cmpuint (tally.counts[0].count, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tally/documents", test_documents);
  g_test_add_func ("/tally/once", test_once);
  return g_test_run ();
}
