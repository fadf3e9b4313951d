/* A slot: one value of a type with reference counts, that many threads take
 * and, now and then, one replaces as a whole.
 *
 *                      get: a reference          swap
 *   reader ◀──────────── read lock ──┐ ┌── write lock ◀──────────── new value
 *   reader ◀──────────── read lock ──┤ │        │
 *   reader ◀──────────── read lock ──┴▶slot     └──▶ the old one, unreferenced
 *
 * The value is never edited: who has taken one goes on with it for as long as
 * it likes, and the last who lets go frees it. The lock is held for no longer
 * than it takes to count a reference; freeing an old value, which may take
 * long, is done outside of it.
 *
 * Each swap makes a new version, so that a thread can ask whether there is
 * something new without touching lock or value. The version is stored with
 * release order behind the value, and loaded with acquire order: who sees a
 * version gets the value of that version, or a later one.
 *
 * Threads: a slot is shared; all functions but new and free are for any thread.
 * So is the value, which must be of a type that may be: one that does not
 * change any more, with a reference count that is atomic. A reference moves.
 * Nothing here can fail.
 */
#pragma once

#include <glib.h>

typedef struct PfSlot PfSlot;

typedef gpointer (*PfRefFunc) (gpointer value);

/* Takes VALUE. REF and UNREF may be called by any thread. (transfer full) */
PfSlot *pf_slot_new (gpointer value, PfRefFunc ref, GDestroyNotify unref);

/* No thread may use it any more. NULL is allowed. */
void pf_slot_free (PfSlot *self);

/* The present value, and its VERSION, which may be NULL. (transfer full) */
gpointer pf_slot_get (PfSlot *self, guint64 *version);

/* Takes VALUE in place of the present one. */
void pf_slot_swap (PfSlot *self, gpointer value);

/* How often it was swapped. */
guint64 pf_slot_version (const PfSlot *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfSlot, pf_slot_free)
