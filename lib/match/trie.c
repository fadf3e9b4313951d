/* Open addressing with linear probing, at most half full. A key of zero means
 * an empty place: symbols are stored plus one. */
#include "match/trie.h"

#define SYMBOL_BITS 22

struct PfTrie {
  guint64 *keys;
  guint32 *children;
  guint mask_bits;
  gsize n_edges;
  GByteArray *has_children; /* by node */
};

static gsize
capacity (const PfTrie *self)
{
  return (gsize)1 << self->mask_bits;
}

static guint64
key_of (guint32 node, guint32 symbol)
{
  return (guint64)node << SYMBOL_BITS | (symbol + 1);
}

/* The place of KEY, or the empty one where it would go. The multiplier is
 * 2^64 over the golden ratio (Knuth, TAOCP 3, 6.4). */
static gsize
find_place (const PfTrie *self, guint64 key)
{
  gsize i = (gsize)((key * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15)) >>
                    (64 - self->mask_bits));

  while (self->keys[i] != 0 && self->keys[i] != key)
    i = (i + 1) & (capacity (self) - 1);
  return i;
}

static void
set_capacity (PfTrie *self, guint mask_bits)
{
  guint64 *keys = self->keys;
  guint32 *children = self->children;
  gsize n = keys != NULL ? capacity (self) : 0;

  self->mask_bits = mask_bits;
  self->keys = g_new0 (guint64, capacity (self));
  self->children = g_new (guint32, capacity (self));
  for (gsize i = 0; i < n; i++) {
    if (keys[i] != 0) {
      gsize place = find_place (self, keys[i]);
      self->keys[place] = keys[i];
      self->children[place] = children[i];
    }
  }
  g_free (keys);
  g_free (children);
}

PfTrie *
pf_trie_new (void)
{
  PfTrie *self = g_new0 (PfTrie, 1);

  set_capacity (self, 10);
  self->has_children = g_byte_array_new ();
  g_byte_array_append (self->has_children, (const guint8 *)"", 1);
  return self;
}

void
pf_trie_free (PfTrie *self)
{
  if (self == NULL)
    return;
  g_free (self->keys);
  g_free (self->children);
  g_byte_array_unref (self->has_children);
  g_free (self);
}

guint32
pf_trie_grow (PfTrie *self, guint32 node, guint32 symbol)
{
  guint64 key = key_of (node, symbol);
  gsize place = find_place (self, key);

  if (self->keys[place] != 0)
    return self->children[place];
  if (2 * (self->n_edges + 1) > capacity (self)) {
    set_capacity (self, self->mask_bits + 1);
    place = find_place (self, key);
  }
  self->keys[place] = key;
  self->children[place] = self->has_children->len;
  self->n_edges++;
  self->has_children->data[node] = TRUE;
  g_byte_array_append (self->has_children, (const guint8 *)"", 1);
  return self->children[place];
}

guint32
pf_trie_child (const PfTrie *self, guint32 node, guint32 symbol)
{
  gsize place = find_place (self, key_of (node, symbol));

  return self->keys[place] != 0 ? self->children[place] : PF_TRIE_NONE;
}

gboolean
pf_trie_has_children (const PfTrie *self, guint32 node)
{
  return self->has_children->data[node];
}

guint32
pf_trie_n_nodes (const PfTrie *self)
{
  return self->has_children->len;
}
