/* For tests: waits until other threads are blocked or gone, by what the kernel
 * says of them (proc(5)), so that an interleaving can be forced without timed
 * waits. A thread that sleeps for another reason makes a test weaker, never
 * wrong; so does a system without /proc.
 */
#pragma once

#include <glib.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where a thread says who it is; 0 until then. */
typedef atomic_int PfThreadId;

static inline void
pf_thread_announce (PfThreadId *id)
{
  atomic_store (id, (int)gettid ());
}

/* The letter that the kernel has for the state of thread ID, 'S' where it
 * sleeps; 0 where there is no such thread. */
static inline char
pf_thread_state (const char *id)
{
  char path[64], line[512];
  const char *end = NULL;
  FILE *file;

  g_snprintf (path, sizeof path, "/proc/self/task/%s/stat", id);
  file = fopen (path, "re");
  if (file == NULL)
    return 0;
  /* ID (NAME) STATE ..., and NAME may hold anything. */
  if (fgets (line, sizeof line, file) != NULL)
    end = strrchr (line, ')');
  fclose (file);
  return end != NULL ? end[2] : 0;
}

/* Waits until thread ID announced itself, and then is in one of STATES. */
static inline void
pf_thread_wait_for (PfThreadId *id, const char *states)
{
  char name[12], state;
  int number;

  while ((number = atomic_load (id)) == 0)
    sched_yield ();
  g_snprintf (name, sizeof name, "%d", number);
  while ((state = pf_thread_state (name)) != 0 &&
         strchr (states, state) == NULL)
    sched_yield ();
}

/* Until it sleeps, or has ended. */
static inline void
pf_thread_wait_blocked (PfThreadId *id)
{
  pf_thread_wait_for (id, "SD");
}

/* Until it has ended. */
static inline void
pf_thread_wait_gone (PfThreadId *id)
{
  pf_thread_wait_for (id, "XZ");
}

/* Until every thread but this one sleeps. */
static inline void
pf_threads_wait_all_blocked (void)
{
  int self = (int)gettid ();
  gboolean running = TRUE;

  while (running) {
    GDir *dir = g_dir_open ("/proc/self/task", 0, NULL);
    const char *name;

    running = FALSE;
    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
      running =
          running || (atoi (name) != self && pf_thread_state (name) == 'R');
    if (dir != NULL)
      g_dir_close (dir);
    sched_yield ();
  }
}

/* Lets others run for a moment that depends on SEED; each thread has a seed of
 * its own. Returns the next seed. (Marsaglia, Xorshift RNGs, 2003) */
static inline guint32
pf_thread_dawdle (guint32 seed)
{
  seed = seed == 0 ? 1 : seed;
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  for (guint32 n = seed % 8; n > 0; n--)
    sched_yield ();
  return seed;
}
