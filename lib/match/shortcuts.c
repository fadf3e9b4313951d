#include "match/shortcuts.h"

#include <string.h>

#include "base/large.h"

/* Of a hash. */
#define BITS_MIN 4
#define BITS_MAX 40

static guint64
first_bytes (const PfSortItem *item, guint len)
{
  guint64 key = 0;

  memcpy (&key, item->bytes, len);
  return GUINT64_FROM_LE (key);
}

static PfTriePlace
go_down (const PfFlatTrie *trie, const guint8 *bytes, guint len)
{
  PfTriePlace place = { PF_FLAT_ROOT, 0, (guint8)len, 0 };

  for (guint i = 0; i < len; i++) {
    if (place.taken == trie->nodes[place.node].len)
      place = (PfTriePlace){ pf_flat_trie_child (trie, place.node, bytes[i]), 0,
                             (guint8)len, 0 };
    place.taken++;
  }
  return place;
}

/* Slots do not wrap around: the table goes on behind its end. */
static void
add (PfShortcuts *self, const PfShortcut *shortcut)
{
  gsize slot = pf_shortcut_slot (self, shortcut->key);

  while (self->slots[slot].place.len != 0)
    slot++;
  self->slots[slot] = *shortcut;
}

void
pf_shortcuts_init (PfShortcuts *self, const PfFlatTrie *trie,
                   const PfSortItem *items, const guint8 *lens, gsize n)
{
  g_autofree PfShortcut *found = g_new (PfShortcut, n);
  gsize n_found = 0, bits = BITS_MIN;

  for (gsize i = 0; i < n; i++) {
    PfShortcut new = { first_bytes (&items[i], lens[i]),
                       { PF_FLAT_ROOT, 0, lens[i], 0 } };

    if (n_found > 0 && found[n_found - 1].key == new.key &&
        found[n_found - 1].place.len == lens[i])
      continue;
    new.place = go_down (trie, items[i].bytes, lens[i]);
    found[n_found++] = new;
  }
  while ((gsize)3 << bits < 4 * n_found)
    bits++;
  self->shift = (guint)(64 - bits);
  /* Even if all hash to the last slot. */
  self->n_slots = ((gsize)1 << bits) + n_found + 1;
  self->slots = pf_large_new0 (self->n_slots * sizeof *self->slots);
  for (gsize i = 0; i < n_found; i++)
    add (self, &found[i]);
}

void
pf_shortcuts_clear (PfShortcuts *self)
{
  g_free (self->slots);
  self->slots = NULL;
}

gboolean
pf_shortcuts_end (const PfShortcuts *self)
{
  return self->shift >= 64 - BITS_MAX && self->shift <= 64 - BITS_MIN &&
         self->n_slots > (gsize)1 << (64 - self->shift) &&
         self->slots[self->n_slots - 1].place.len == 0;
}
