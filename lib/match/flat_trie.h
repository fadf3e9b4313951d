/* A trie over strings of bytes, in flat arrays without pointers: a radix tree
 * whose edges hold strings, and whose nodes lie in a double array (Aoe, "An
 * Efficient Digital Search Algorithm by Using a Double-Array Structure", IEEE
 * TSE 15, 1989): the child of a node by a byte is at nodes[base + byte], if
 * that one names it as its parent. So a step costs one cache miss, however
 * many children there are, and takes in up to eight bytes at once.
 *
 * Built by one thread, then immutable.
 */
#pragma once

#include "match/term_sort.h"

#define PF_FLAT_ROOT 0
#define PF_FLAT_NONE G_MAXUINT32

/* The bytes that lead to a node from its parent: the one by which it is found
 * and those after it. The first eight are in the node, as a number whose low
 * byte is the first one; a node with more has no children. */
typedef struct {
  guint64 head;
  guint32 parent;   /* PF_FLAT_NONE in an unused node */
  guint32 base;     /* where no children: where in tails the rest begins */
  guint32 terminal; /* what ends here, or PF_FLAT_NONE */
  guint16 len;      /* bytes; 0 for the root only */
  guint16 children; /* bit i: a child by a byte whose lower four bits are i */
} PfFlatNode;

#define PF_FLAT_HEAD 8 /* bytes */

/* To be read, but not changed. Where it comes from elsewhere and may hold
 * anything, these functions still read nothing outside of it; a walk must then
 * bound how far it goes down. */
typedef struct {
  PfFlatNode *nodes;
  gsize n_nodes; /* the root at least */
  guint8 *tails;
  gsize n_tails; /* bytes */
} PfFlatTrie;

/* Of N strings that are sorted, each different from the others, not empty, and
 * at most G_MAXUINT16 bytes long. The id of each becomes its terminal. */
void pf_flat_trie_init (PfFlatTrie *self, const PfSortItem *items, gsize n);
void pf_flat_trie_clear (PfFlatTrie *self);

/* The child of NODE, which is one, by BYTE, or PF_FLAT_NONE. */
static inline guint32
pf_flat_trie_child (const PfFlatTrie *self, guint32 node, guint8 byte)
{
  const PfFlatNode *parent = &self->nodes[node];
  guint32 child = parent->base + byte;

  /* Most often there is none, and then its node need not be looked at. */
  if ((parent->children >> byte % 16 & 1) == 0 || child >= self->n_nodes ||
      self->nodes[child].parent != node)
    return PF_FLAT_NONE;
  return child;
}

/* Byte I of those that lead to NODE. */
static inline guint8
pf_flat_trie_byte (const PfFlatTrie *self, guint32 node, guint i)
{
  const PfFlatNode *there = &self->nodes[node];
  gsize at = (gsize)there->base + (i - PF_FLAT_HEAD);

  if (i < PF_FLAT_HEAD)
    return (guint8)(there->head >> 8 * i);
  return at < self->n_tails ? self->tails[at] : 0;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfFlatTrie, pf_flat_trie_clear)
