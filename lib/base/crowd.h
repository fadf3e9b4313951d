/* For tests and benchmarks: one function on several threads at once, each of
 * which knows its number.
 *
 *   pf_crowd (3, func, user)   func (0) ─┐
 *                              func (1) ─┼─▶ all have returned, first error
 *                              func (2) ─┘   by number
 */
#pragma once

#include "base/join.h"

/* Thread I's whole life. FALSE with ERROR set where it failed. */
typedef gboolean (*PfCrowdFunc) (guint i, gpointer user, PfError *error);

typedef struct {
  PfCrowdFunc func;
  gpointer user;
  guint i;
} PfCrowdMember;

static inline gpointer
pf_crowd_live (gpointer data, PfError *error)
{
  PfCrowdMember *self = data;

  return GINT_TO_POINTER (self->func (self->i, self->user, error));
}

/* Calls func (0), ... func (N - 1), the first on the caller's thread, and
 * returns when all have returned. FALSE with the error of the lowest number
 * that fails. */
static inline gboolean
pf_crowd (guint n, PfCrowdFunc func, gpointer user, PfError *error)
{
  g_autofree PfCrowdMember *members = g_new0 (PfCrowdMember, n);
  g_autofree PfJoinTask *tasks = g_new0 (PfJoinTask, n);

  for (guint i = 0; i < n; i++) {
    members[i] = (PfCrowdMember){ func, user, i };
    tasks[i].func = pf_crowd_live;
    tasks[i].data = &members[i];
  }
  return pf_join_all (tasks, n, error);
}
