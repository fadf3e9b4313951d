/* The trie and the shortcuts into it, against the sorted strings themselves. */
#include "match/flat_trie.h"

#include <string.h>

#include "match/shortcuts.h"

typedef struct {
  GPtrArray *strings; /* GString, all different */
  PfSortItem *items;  /* sorted; the id is the number in items, times 3 */
  gsize n;
  PfFlatTrie trie;
} Fixture;

static void
free_string (gpointer string)
{
  g_string_free (string, TRUE);
}

static void
fixture_begin (Fixture *self)
{
  self->strings = g_ptr_array_new_with_free_func (free_string);
}

static void
add (Fixture *self, const char *bytes, gsize len)
{
  for (guint i = 0; i < self->strings->len; i++) {
    const GString *there = self->strings->pdata[i];

    if (there->len == len && memcmp (there->str, bytes, len) == 0)
      return;
  }
  g_ptr_array_add (self->strings, g_string_new_len (bytes, (gssize)len));
}

static void
build (Fixture *self)
{
  self->n = self->strings->len;
  self->items = g_new (PfSortItem, self->n + 1);
  for (guint i = 0; i < self->n; i++) {
    const GString *string = self->strings->pdata[i];

    self->items[i] =
        (PfSortItem){ (const guint8 *)string->str, (guint32)string->len, 0 };
  }
  pf_term_sort (self->items, self->n);
  for (guint i = 0; i < self->n; i++)
    self->items[i].id = 3 * i;
  pf_flat_trie_init (&self->trie, self->items, self->n);
}

static void
fixture_end (Fixture *self)
{
  pf_flat_trie_clear (&self->trie);
  g_free (self->items);
  g_ptr_array_unref (self->strings);
}

/* What ends with the LEN bytes from PLACE on, or PF_FLAT_NONE. */
static guint32
find_from (const PfFlatTrie *trie, PfTriePlace place, const guint8 *bytes,
           gsize len)
{
  for (gsize i = 0; i < len; i++) {
    if (place.taken == trie->nodes[place.node].len) {
      place.node = pf_flat_trie_child (trie, place.node, bytes[i]);
      place.taken = 0;
    }
    if (place.node == PF_FLAT_NONE ||
        pf_flat_trie_byte (trie, place.node, place.taken) != bytes[i])
      return PF_FLAT_NONE;
    place.taken++;
  }
  return place.taken == trie->nodes[place.node].len
             ? trie->nodes[place.node].terminal
             : PF_FLAT_NONE;
}

static guint32
find (const Fixture *self, const guint8 *bytes, gsize len)
{
  return find_from (&self->trie, (PfTriePlace){ PF_FLAT_ROOT, 0, 0, 0 }, bytes,
                    len);
}

static guint32
find_slowly (const Fixture *self, const guint8 *bytes, gsize len)
{
  for (gsize i = 0; i < self->n; i++)
    if (self->items[i].len == len &&
        memcmp (self->items[i].bytes, bytes, len) == 0)
      return self->items[i].id;
  return PF_FLAT_NONE;
}

static void
check_all_found (const Fixture *self)
{
  for (gsize i = 0; i < self->n; i++)
    g_assert_cmpuint (find (self, self->items[i].bytes, self->items[i].len), ==,
                      self->items[i].id);
}

/* Strings that are there, their beginnings, and strings a byte away. */
static void
check_others (const Fixture *self)
{
  for (gsize i = 0; i < self->n; i++) {
    g_autoptr (GString) other = g_string_new_len (
        (const char *)self->items[i].bytes, (gssize)self->items[i].len);
    gsize at = (gsize)g_test_rand_int_range (0, (gint32)other->len);

    g_assert_cmpuint (find (self, (const guint8 *)other->str, at), ==,
                      find_slowly (self, (const guint8 *)other->str, at));
    other->str[at] ^= (char)g_test_rand_int_range (1, 256);
    g_assert_cmpuint (
        find (self, (const guint8 *)other->str, other->len), ==,
        find_slowly (self, (const guint8 *)other->str, other->len));
  }
}

/* The shortcuts by the first LEN bytes of all strings, none of which is
 * shorter. */
static void
check_shortcuts (const Fixture *self, guint len)
{
  g_auto (PfShortcuts) shortcuts = { 0 };
  g_autofree guint8 *lens = g_malloc (self->n + 1);

  memset (lens, (int)len, self->n);
  pf_shortcuts_init (&shortcuts, &self->trie, self->items, lens, self->n);
  for (gsize i = 0; i < self->n; i++) {
    const PfSortItem *item = &self->items[i];
    const PfShortcut *shortcut;
    guint64 word = 0, key;

    memcpy (&word, item->bytes, MIN (item->len, 8));
    key = pf_shortcut_key (GUINT64_FROM_LE (word), len);
    shortcut = pf_shortcut_find (&shortcuts, pf_shortcut_slot (&shortcuts, key),
                                 key, len);
    g_assert_nonnull (shortcut);
    g_assert_cmpuint (find_from (&self->trie, shortcut->place,
                                 item->bytes + len, item->len - len),
                      ==, item->id);
    if (len > 1)
      g_assert_null (pf_shortcut_find (
          &shortcuts, pf_shortcut_slot (&shortcuts, key), key, len - 1));
  }
}

static void
test_empty (void)
{
  Fixture fixture;

  fixture_begin (&fixture);
  build (&fixture);
  g_assert_cmpuint (find (&fixture, (const guint8 *)"a", 1), ==, PF_FLAT_NONE);
  check_shortcuts (&fixture, 1);
  fixture_end (&fixture);
}

/* A node with every possible child; below one, again. */
static void
test_wide (void)
{
  Fixture fixture;

  fixture_begin (&fixture);
  for (guint i = 0; i < 256; i++) {
    add (&fixture, (char[]){ (char)i }, 1);
    add (&fixture, (char[]){ 'x', (char)i, 'y' }, 3);
  }
  build (&fixture);
  check_all_found (&fixture);
  check_others (&fixture);
  check_shortcuts (&fixture, 1);
  fixture_end (&fixture);
}

/* Each string the beginning of the next; labels longer than a node holds. */
static void
test_deep (void)
{
  g_autoptr (GString) string = g_string_new (NULL);
  Fixture fixture;

  fixture_begin (&fixture);
  while (string->len < 500) {
    for (gint32 n = g_test_rand_int_range (1, 30); n > 0; n--)
      g_string_append_c (string, (char)g_test_rand_int_range (0, 256));
    add (&fixture, string->str, string->len);
  }
  build (&fixture);
  check_all_found (&fixture);
  check_others (&fixture);
  check_shortcuts (&fixture, 1);
  fixture_end (&fixture);
}

static void
check_random (guint n, guint shortest, guint longest, guint kinds)
{
  Fixture fixture;

  fixture_begin (&fixture);
  while (n-- > 0) {
    char bytes[64];
    gint32 len = g_test_rand_int_range ((gint32)shortest, (gint32)longest + 1);

    for (gint32 i = 0; i < len; i++)
      bytes[i] = (char)(g_test_rand_int_range (0, (gint32)kinds) * 37);
    add (&fixture, bytes, (gsize)len);
  }
  build (&fixture);
  check_all_found (&fixture);
  check_others (&fixture);
  for (guint len = 1; len <= MIN (shortest, PF_SHORTCUT_MAX); len++)
    check_shortcuts (&fixture, len);
  fixture_end (&fixture);
}

static void
test_random (void)
{
  for (guint round = 0; round < 100; round++) {
    check_random (20, 1, 6, 2);
    check_random (50, 5, 40, 2);
    check_random (100, 8, 12, 7);
  }
  check_random (1500, 2, 4, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flat-trie/empty", test_empty);
  g_test_add_func ("/flat-trie/wide", test_wide);
  g_test_add_func ("/flat-trie/deep", test_deep);
  g_test_add_func ("/flat-trie/random", test_random);
  return g_test_run ();
}
