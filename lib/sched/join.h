/* Spawn and join: a team of named threads that begin together and are all
 * waited for.
 *
 *   add, add, add ──start──▶ all run, or none ──join──▶ first error by order
 *
 * No member runs before every member exists; so where the system refuses one
 * thread, no work was begun. A team belongs to the thread that made it.
 */
#pragma once

#include "base/error.h"

typedef struct PfTeam PfTeam;

/* A thread's whole life. FALSE with ERROR set where it failed. */
typedef gboolean (*PfThreadFunc) (gpointer data, PfError *error);

/* (transfer full) */
PfTeam *pf_team_new (void);

/* NAME is static and shows in debuggers (15 bytes of it). DATA must outlive
 * pf_team_join. Only before pf_team_start. */
void pf_team_add (PfTeam *self, const char *name, PfThreadFunc func,
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
