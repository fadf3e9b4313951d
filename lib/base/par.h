/* Data parallelism: a pool of threads, and loops whose turns it shares by work
 * stealing.
 *
 *                 indices [0, n), an even share for each thread
 *   thread 0  [·····|··········|····················]  halves its range, works
 *               ▲    newest ──── deque ──── oldest     the lowest part and
 *               └ at work                    │         comes back for the next
 *   thread 1  (nothing left) ◀── steals ─────┘
 *
 * Each thread begins with a share of its own. It halves its range until GRAIN
 * indices are left, puts the upper halves into its deque (base/deque.h), works
 * the grain, and goes on with the newest range, which is the next one upwards.
 * Who has nothing left steals the oldest range of another, which is the largest
 * and the one that its owner would come to last. Nobody spins: threads without
 * work sleep until there is some.
 *
 * What a loop leaves behind does not depend on the number of threads, nor on
 * who stole what: pf_par_for reports errors by index, and pf_par_map_reduce
 * puts results together in the order of the indices.
 *
 *   g_autoptr (PfPar) par = pf_par_new (8, &error);
 *   PfParLoop loop = { .n = n_rows, .body = draw_row, .user = picture };
 *
 *   if (!pf_par_for (par, &loop, &error)) ...
 *
 * Threads: a pool may move between threads, but is used by one at a time, which
 * is asserted; only from inside a body of its own loops may other threads call
 * it: there a loop works, and runs on the thread that asks. Bodies run at once
 * on several threads, so they share only what is made for that; what they did
 * is visible to the caller when the loop returns, and what the caller did
 * before is visible to them.
 */
#pragma once

#include "base/cancel.h"

typedef struct PfPar PfPar;

/* A pool of N_THREADS (at least 1), the caller of its loops among them. NULL
 * with PF_STATUS_OS where the system refuses a thread. (transfer full) */
PfPar *pf_par_new (guint n_threads, PfError *error);

/* Ends its threads. NULL is allowed. */
void pf_par_free (PfPar *self);

guint pf_par_n_threads (const PfPar *self);

/* How many ranges were stolen since the pool was made. For the thread that
 * uses it, between loops. */
guint64 pf_par_steals (const PfPar *self);

/* One turn, I being at least 0 and below n. FALSE where it failed, with ERROR
 * set, which is never NULL here. */
typedef gboolean (*PfParBody) (gsize i, gpointer user, PfError *error);

/* One of several errors. */
typedef struct {
  gsize index; /* of the turn that failed */
  PfError error;
} PfParError;

/* A zeroed struct with N and BODY set is complete. */
typedef struct {
  gsize n;
  /* Indices that one thread works without looking up; 0: what seems right,
   * which is right where turns take about equally long. The smaller, the better
   * uneven turns are spread, at some twenty nanoseconds a grain. */
  gsize grain;
  PfParBody body;
  gpointer user;
  const PfCancel *cancel; /* asked before each turn; NULL: never */
  /* NULL: a failed turn ends the loop, and its error is the result. An empty
   * array of pf_par_errors_new: all turns run, and it gets all their errors, in
   * the order of their indices. */
  GArray *errors;
} PfParLoop;

/* Runs BODY for each index once, and returns when all turns have ended. TRUE
 * where all ran and none failed.
 *
 * FALSE where a turn failed: ERROR is that of the lowest index that fails, on
 * any number of threads. All turns below it have run; of those above it some
 * have and some have not. FALSE and no error where CANCEL ended the loop before
 * all turns had run; where turns failed until then, it is the error of the
 * lowest that did. */
gboolean pf_par_for (PfPar *self, const PfParLoop *loop, PfError *error);

/* Of PfParError. (transfer full: g_array_unref) */
GArray *pf_par_errors_new (void);

/* How to make one result of many indices. */
typedef struct {
  gsize n;
  gsize grain; /* indices that are mapped into one accumulator; 0: a 64th */
  gsize size;  /* bytes of an accumulator, which begins as zeroes */
  /* Maps the indices [from, to) into ACC, whose only user it is. Fails as a
   * PfParBody does. */
  gboolean (*map) (gsize from, gsize to, gpointer acc, gpointer user,
                   PfError *error);
  /* Puts what ACC holds, of the indices that follow, behind what INTO holds;
   * on the caller's thread. */
  void (*reduce) (gpointer into, gpointer acc, gpointer user);
  /* Frees what ACC still holds, after its reduction or in its place; may be
   * NULL. */
  void (*clear) (gpointer acc, gpointer user);
  gpointer user;
  const PfCancel *cancel; /* as in PfParLoop */
  GArray *errors;         /* as in PfParLoop; indices are those of FROM */
} PfParReduction;

/* Maps all indices, and reduces the results into RESULT in the order of the
 * indices. Ranges depend on N and GRAIN alone, so that also a reduction which
 * is not associative, as a sum of floating-point numbers, has the same result
 * on any number of threads. FALSE as in pf_par_for; then RESULT is untouched.
 * All accumulators are there at once. */
gboolean pf_par_map_reduce (PfPar *self, const PfParReduction *plan,
                            gpointer result, PfError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfPar, pf_par_free)
