#include "match/trie.h"

#define SYMBOL_END (1u << 21)

static void
test_empty (void)
{
  g_autoptr (PfTrie) trie = pf_trie_new ();

  g_assert_cmpuint (pf_trie_n_nodes (trie), ==, 1);
  g_assert_false (pf_trie_has_children (trie, PF_TRIE_ROOT));
  g_assert_cmpuint (pf_trie_child (trie, PF_TRIE_ROOT, 0), ==, PF_TRIE_NONE);
  g_assert_cmpuint (pf_trie_child (trie, PF_TRIE_ROOT, 'a'), ==, PF_TRIE_NONE);
}

static void
test_free_null (void)
{
  pf_trie_free (NULL);
}

static void
test_grow (void)
{
  g_autoptr (PfTrie) trie = pf_trie_new ();
  guint32 a = pf_trie_grow (trie, PF_TRIE_ROOT, 'a');
  guint32 ab = pf_trie_grow (trie, a, 'b');

  g_assert_cmpuint (pf_trie_n_nodes (trie), ==, 3);
  g_assert_cmpuint (pf_trie_child (trie, PF_TRIE_ROOT, 'a'), ==, a);
  g_assert_cmpuint (pf_trie_child (trie, a, 'b'), ==, ab);
  g_assert_cmpuint (pf_trie_child (trie, PF_TRIE_ROOT, 'b'), ==, PF_TRIE_NONE);
  g_assert_cmpuint (pf_trie_child (trie, ab, 'a'), ==, PF_TRIE_NONE);
  g_assert_true (pf_trie_has_children (trie, PF_TRIE_ROOT));
  g_assert_true (pf_trie_has_children (trie, a));
  g_assert_false (pf_trie_has_children (trie, ab));
}

/* Growing the same way again makes nothing new. */
static void
test_grow_again (void)
{
  g_autoptr (PfTrie) trie = pf_trie_new ();
  guint32 a = pf_trie_grow (trie, PF_TRIE_ROOT, 'a');
  guint32 ab = pf_trie_grow (trie, a, 'b');

  g_assert_cmpuint (pf_trie_grow (trie, PF_TRIE_ROOT, 'a'), ==, a);
  g_assert_cmpuint (pf_trie_grow (trie, a, 'b'), ==, ab);
  g_assert_cmpuint (pf_trie_n_nodes (trie), ==, 3);
}

/* The same symbol below two nodes leads to two nodes. */
static void
test_no_sharing (void)
{
  g_autoptr (PfTrie) trie = pf_trie_new ();
  guint32 a = pf_trie_grow (trie, PF_TRIE_ROOT, 'a');
  guint32 b = pf_trie_grow (trie, PF_TRIE_ROOT, 'b');

  g_assert_cmpuint (pf_trie_grow (trie, a, 'x'), !=,
                    pf_trie_grow (trie, b, 'x'));
}

static void
test_extreme_symbols (void)
{
  static const guint32 symbols[] = { 0, 1, 0x10FFFF, 0x110000, SYMBOL_END - 1 };
  g_autoptr (PfTrie) trie = pf_trie_new ();

  for (guint32 i = 0; i < G_N_ELEMENTS (symbols); i++) {
    g_assert_cmpuint (pf_trie_child (trie, PF_TRIE_ROOT, symbols[i]), ==,
                      PF_TRIE_NONE);
    g_assert_cmpuint (pf_trie_grow (trie, PF_TRIE_ROOT, symbols[i]), ==, i + 1);
  }
  for (guint32 i = 0; i < G_N_ELEMENTS (symbols); i++)
    g_assert_cmpuint (pf_trie_child (trie, PF_TRIE_ROOT, symbols[i]), ==,
                      i + 1);
}

/* The table is moved several times while one node gets many children. */
static void
test_wide (void)
{
  g_autoptr (PfTrie) trie = pf_trie_new ();

  for (guint32 i = 0; i < 20000; i++)
    g_assert_cmpuint (pf_trie_grow (trie, PF_TRIE_ROOT, i * 7), ==, i + 1);
  for (guint32 i = 0; i < 20000; i++) {
    g_assert_cmpuint (pf_trie_child (trie, PF_TRIE_ROOT, i * 7), ==, i + 1);
    g_assert_cmpuint (pf_trie_child (trie, PF_TRIE_ROOT, i * 7 + 1), ==,
                      PF_TRIE_NONE);
  }
}

static void
test_deep (void)
{
  g_autoptr (PfTrie) trie = pf_trie_new ();
  guint32 node = PF_TRIE_ROOT;

  for (guint32 i = 0; i < 20000; i++)
    node = pf_trie_grow (trie, node, 'a');
  g_assert_cmpuint (pf_trie_n_nodes (trie), ==, 20001);
  g_assert_false (pf_trie_has_children (trie, node));
  node = PF_TRIE_ROOT;
  for (guint32 i = 0; i < 20000; i++) {
    g_assert_true (pf_trie_has_children (trie, node));
    node = pf_trie_child (trie, node, 'a');
  }
  g_assert_cmpuint (pf_trie_child (trie, node, 'a'), ==, PF_TRIE_NONE);
}

/* Random edges, against a plain hash table of them. */
static void
test_random (void)
{
  g_autoptr (PfTrie) trie = pf_trie_new ();
  GHashTable *edges = g_hash_table_new (NULL, NULL);

  for (guint n = 0; n < 30000; n++) {
    guint32 nodes = pf_trie_n_nodes (trie);
    guint32 node = (guint32)g_test_rand_int_range (0, (gint32)nodes);
    guint32 symbol = (guint32)g_test_rand_int_range (0, 50);
    gpointer key = GUINT_TO_POINTER (node * 50 + symbol + 1);
    gpointer known = g_hash_table_lookup (edges, key);
    guint32 expected = known != NULL ? GPOINTER_TO_UINT (known) : nodes;

    g_assert_cmpuint (pf_trie_child (trie, node, symbol), ==,
                      known != NULL ? expected : PF_TRIE_NONE);
    if (n % 3 == 0)
      continue;
    g_assert_cmpuint (pf_trie_grow (trie, node, symbol), ==, expected);
    g_assert_true (pf_trie_has_children (trie, node));
    g_hash_table_insert (edges, key, GUINT_TO_POINTER (expected));
  }
  g_assert_cmpuint (pf_trie_n_nodes (trie), ==, g_hash_table_size (edges) + 1);
  g_hash_table_unref (edges);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trie/empty", test_empty);
  g_test_add_func ("/trie/free-null", test_free_null);
  g_test_add_func ("/trie/grow", test_grow);
  g_test_add_func ("/trie/grow/again", test_grow_again);
  g_test_add_func ("/trie/no-sharing", test_no_sharing);
  g_test_add_func ("/trie/extreme-symbols", test_extreme_symbols);
  g_test_add_func ("/trie/wide", test_wide);
  g_test_add_func ("/trie/deep", test_deep);
  g_test_add_func ("/trie/random", test_random);
  return g_test_run ();
}
