/* Shortcuts into a flat trie: by the first bytes of its terms, one to eight of
 * them, the place in the trie to which these lead. So a walk begins with one
 * cache miss in place of one for each of these bytes; and as places are known
 * long before they are walked from, even that one can be fetched ahead.
 *
 * A hash table in one flat array, at most three quarters full. Built by one
 * thread, then immutable.
 */
#pragma once

#include "match/flat_trie.h"

#define PF_SHORTCUT_MAX 8 /* bytes */

/* Somewhere on the edge to a node: TAKEN of its bytes are behind us. */
typedef struct {
  guint32 node;
  guint8 taken;
  guint8 len;   /* for PfShortcut: of its key; 0 in an unused slot */
  guint16 zero; /* so that no byte is left open */
} PfTriePlace;

typedef struct {
  guint64 key; /* the bytes, the first one lowest, zeros behind them */
  PfTriePlace place;
} PfShortcut;

/* To be read, but not changed. */
typedef struct {
  PfShortcut *slots; /* the last one is never used */
  gsize n_slots;
  guint shift; /* of a hash: what is left is a slot's number */
} PfShortcuts;

/* For the terms of TRIE, sorted: LENS[i] bytes of each. No term is shorter, and
 * terms that share these bytes have the same number. */
void pf_shortcuts_init (PfShortcuts *self, const PfFlatTrie *trie,
                        const PfSortItem *items, const guint8 *lens, gsize n);
void pf_shortcuts_clear (PfShortcuts *self);

/* Whether a search in them comes to an end within them: to be asked of those
 * that come from elsewhere. What they lead to is not looked at. */
gboolean pf_shortcuts_end (const PfShortcuts *self);

/* The first LEN of eight bytes, as a key. */
static inline guint64
pf_shortcut_key (guint64 word, guint len)
{
  return word & (~(guint64)0 >> (64 - 8 * len));
}

static inline gsize
pf_shortcut_slot (const PfShortcuts *self, guint64 key)
{
  return (
      gsize)(((key ^ key >> 32) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15)) >>
             self->shift);
}

/* The shortcut by KEY, of LEN bytes, or NULL; SLOT is the key's. */
static inline const PfShortcut *
pf_shortcut_find (const PfShortcuts *self, gsize slot, guint64 key, guint len)
{
  for (;; slot++) {
    const PfShortcut *there = &self->slots[slot];

    if (there->place.len == 0)
      return NULL;
    if (there->key == key && there->place.len == len)
      return there;
  }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfShortcuts, pf_shortcuts_clear)
