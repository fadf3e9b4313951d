/* Runs one function on several threads at once and waits for all of them: for
 * work that is cut into a fixed number of parts beforehand.
 */
#pragma once

#include "base/error.h"

/* FALSE with ERROR set where part I failed. */
typedef gboolean (*PfParallelFunc) (guint i, gpointer user, PfError *error);

/* Calls func (0), ... func (N - 1), each on a thread of its own, the first on
 * the caller's, and returns when all have returned; where one fails, the
 * others run on. FALSE with the error of the lowest number; where the system
 * refuses a thread, that is the error of its number, PF_STATUS_OS, and neither
 * it nor those behind it are called. */
gboolean pf_parallel (guint n, PfParallelFunc func, gpointer user,
                      PfError *error);
