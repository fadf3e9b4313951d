/* A team: named threads that begin together or not at all, and are all waited
 * for. For the stages of a machine that is no use without any one of them;
 * tasks that do not depend on each other so are for base/join.h.
 *
 *   add, add, add ──start──▶ all run, or none ──join──▶ first error by order
 *
 * No member runs before every member exists; so where the system refuses one
 * thread, no work was begun.
 *
 * Threads: a team belongs to the thread that made it, to the end, which is
 * asserted; it neither moves nor is shared. What happened before
 * pf_team_start is visible to all members, and what they did is visible after
 * pf_team_join.
 */
#pragma once

#include "base/error.h"

typedef struct PfTeam PfTeam;

/* A member's whole life. FALSE with ERROR set where it failed. */
typedef gboolean (*PfTeamFunc) (gpointer data, PfError *error);

/* (transfer full) */
PfTeam *pf_team_new (void);

/* NAME is static and shows in debuggers (15 bytes of it). DATA must outlive
 * pf_team_join. Only before pf_team_start. */
void pf_team_add (PfTeam *self, const char *name, PfTeamFunc func,
                  gpointer data);

/* FALSE with PF_STATUS_OS where a thread was refused; then none has run, and
 * the team can only be freed. */
gboolean pf_team_start (PfTeam *self, PfError *error);

/* Waits for all, also where one fails. FALSE with the error of the failed
 * member that was added first. */
gboolean pf_team_join (PfTeam *self, PfError *error);

/* A team that was started must have been joined. NULL is allowed. */
void pf_team_free (PfTeam *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTeam, pf_team_free)
