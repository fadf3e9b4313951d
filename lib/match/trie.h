/* A trie over the symbols of terms: numbers below 2^21. Edges lie in one hash
 * table keyed by (node, symbol), so that a node with ten thousand children
 * costs no more than one with two. Built by one thread, then immutable.
 */
#pragma once

#include <glib.h>

typedef struct PfTrie PfTrie;

#define PF_TRIE_ROOT 0
#define PF_TRIE_NONE G_MAXUINT32

/* (transfer full) */
PfTrie *pf_trie_new (void);

/* NULL is allowed. */
void pf_trie_free (PfTrie *self);

/* The child of NODE by SYMBOL, made where there was none. */
guint32 pf_trie_grow (PfTrie *self, guint32 node, guint32 symbol);

/* The child of NODE by SYMBOL, or PF_TRIE_NONE. */
guint32 pf_trie_child (const PfTrie *self, guint32 node, guint32 symbol);

/* Whether any term goes on below NODE. */
gboolean pf_trie_has_children (const PfTrie *self, guint32 node);

/* Nodes are numbered from 0 to this, less one. */
guint32 pf_trie_n_nodes (const PfTrie *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTrie, pf_trie_free)
