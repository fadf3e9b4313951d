/* Puts results back into the order of their serial numbers, in bounded memory.
 *
 *              admit 0, 1, 2 …                 put, in any order
 *   workers ──────────────────▶ work on items ──────────────────▶ waiting
 *                                                                    │ in order
 *                              release (0), release (1), … ◀─────────┘
 *
 * Serial numbers run from 0 without a gap. The turn is at the earliest serial
 * that was not put yet. Results are released one at a time, in order, by
 * whichever thread puts the one that was waited for; so what release touches
 * needs no lock of its own.
 *
 * Admission bounds what waits: a worker obtains it before it takes an item,
 * and gets it where fewer than LIMIT items are under way, or where the item is
 * the one whose turn it is; of those who wait, the earliest comes first,
 * whoever asked first. The earliest item is thus never kept waiting, and as
 * long as workers take items so that no worker sits on a later one while an
 * earlier one has no worker, order cannot deadlock.
 *
 * A sequence may end before its items do:
 *
 *   0   1   2   3 │ 4   5   6          end_after (3): 4 and what follows it is
 *   released      │ dropped            admitted at once and never released
 *
 * Who works on a later item need not know: what it puts is destroyed. It may
 * ask the cutoff, to stop working in vain. Earlier items go on as before.
 *
 * What waits stands in a ring, by its distance from the turn:
 *
 *          turn
 *           ▼
 *   │   │   │ - │ r │ - │ r │ r │   │   │   slot: serial modulo the size
 *               + 1     + 3  + 4
 *
 * It grows with that distance, 8 bytes for each place, and never shrinks.
 *
 * The state is under a guard (base/guard.h). Where a result cannot be put, as
 * memory is out, it is destroyed, and as its turn would never end, all others
 * are told: whoever asks for admission, waits for a turn or puts a result gets
 * the same error. Cancelling and freeing are possible all the same.
 *
 * Threads: a sequencer is shared; all functions but new and free are for any
 * thread. A result moves: it is the caller's until it is put, then the
 * sequencer's, then release's, on whatever thread that runs; release sees what
 * was done to it before it was put, and what the calls of release before did.
 * That a serial is put once, and only after some admission, is asserted.
 */
#pragma once

#include "base/cutoff.h"
#include "base/error.h"

typedef struct PfSequencer PfSequencer;

/* Called without a lock, by one thread at a time, in order. Owns RESULT. */
typedef void (*PfReleaseFunc) (gpointer result, gpointer user);

/* DESTROY frees results that were never released. LIMIT, in items, is at least
 * 1. RELEASE and DESTROY are called by whatever thread puts, ends or frees.
 * (transfer full) */
PfSequencer *pf_sequencer_new (guint64 limit, PfReleaseFunc release,
                               GDestroyNotify destroy, gpointer user);

/* No thread may use it any more. NULL is allowed. */
void pf_sequencer_free (PfSequencer *self);

/* Blocks until item SERIAL may be begun. FALSE after pf_sequencer_cancel, or
 * with ERROR where somebody failed. Each admission is given back by the
 * pf_sequencer_put of its serial. */
gboolean pf_sequencer_admit (PfSequencer *self, guint64 serial, PfError *error);

/* Whether all items before SERIAL were released, the sequence did not end
 * before it, and nobody failed. */
gboolean pf_sequencer_is_turn (PfSequencer *self, guint64 serial);

/* Blocks until it is SERIAL's turn. FALSE where pf_sequencer_cancel came first,
 * or the end of the sequence before SERIAL, or with ERROR where somebody
 * failed.
 */
gboolean pf_sequencer_wait_turn (PfSequencer *self, guint64 serial,
                                 PfError *error);

/* Releases a part of the result of SERIAL, whose turn it must be. */
void pf_sequencer_put_part (PfSequencer *self, guint64 serial, gpointer result);

/* The last or only part: it is released, with those that waited for it, when
 * its turn comes. May run release, also for others, and so block where that
 * does. FALSE with ERROR where it or somebody else failed: PF_STATUS_TEMPORARY
 * where memory is out. RESULT is taken in either case. */
gboolean pf_sequencer_put (PfSequencer *self, guint64 serial, gpointer result,
                           PfError *error);

/* Nothing behind SERIAL, which was not put yet, will be released: what was put
 * of it is destroyed, now or when it comes. Wakes those who wait with later
 * serials: they are admitted, but never get their turn. May be called for more
 * than one serial; the lowest counts. */
void pf_sequencer_end_after (PfSequencer *self, guint64 serial);

/* At the lowest serial of pf_sequencer_end_after; as long as SELF. */
const PfCutoff *pf_sequencer_cutoff (const PfSequencer *self);

/* Wakes all who wait; admissions fail from now on. Results that were put are
 * still released where their turn comes, unless somebody failed. */
void pf_sequencer_cancel (PfSequencer *self);

/* The caller has failed, and items that others wait for will never be put: all
 * get ERROR, unless they have one yet. */
void pf_sequencer_fail (PfSequencer *self, const PfError *error);

/* FALSE with ERROR where somebody has failed. */
gboolean pf_sequencer_check (PfSequencer *self, PfError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfSequencer, pf_sequencer_free)
