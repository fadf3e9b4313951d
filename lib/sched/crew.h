/* A crew: workers who help each other with what one of them has to do.
 *
 *   owner ──offer──▶ jobs ◀──help── members between their own items
 *     │                     ◀─finish─ members who have nothing left
 *     └──withdraw: waits until all helpers have left
 *
 * A job is whatever its help function does; it is called by any number of
 * members at once, and returns when nothing is left to begin. Members help
 * with the earliest job first, and never with one that is later than the item
 * they are about to begin: so what stands earliest is never kept waiting by
 * what comes after it.
 *
 * Ownership: a job is the owner's, and stays where it is from pf_crew_offer to
 * the return of pf_crew_withdraw. Nothing here can fail.
 *
 * Threads: a crew is shared; all functions but new and free are for any thread.
 * A job is shared while it is offered: its help function runs on several
 * threads at once. What the owner did before it offered the job is visible to
 * helpers, and what they did is visible to the owner when it has withdrawn it.
 * Who passes by without waiting may miss a job that was offered just now, and
 * helps with it the next time.
 */
#pragma once

#include <glib.h>

typedef struct PfCrew PfCrew;

/* All but the last two are the owner's, and constant while it is offered. */
typedef struct {
  guint64 serial; /* of the owner's item */
  void (*help) (guint member, gpointer user);
  gpointer user;
  guint helpers;      /* the crew's */
  gboolean exhausted; /* the crew's */
} PfCrewJob;

/* Each of N_MEMBERS will call pf_crew_finish once. (transfer full) */
PfCrew *pf_crew_new (guint n_members);

/* No thread may use it any more, and no job be offered. NULL is allowed. */
void pf_crew_free (PfCrew *self);

/* Others may help with JOB from now on. */
void pf_crew_offer (PfCrew *self, PfCrewJob *job);

/* Returns when nobody helps with JOB any more, nor will. */
void pf_crew_withdraw (PfCrew *self, PfCrewJob *job);

/* MEMBER helps with all jobs that are earlier than BEFORE. */
void pf_crew_help (PfCrew *self, guint member, guint64 before);

/* MEMBER has no items left: helps with whatever is offered until all members
 * have come here. */
void pf_crew_finish (PfCrew *self, guint member);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfCrew, pf_crew_free)
