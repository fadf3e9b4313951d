/* Once: a value for the whole process, made when it is first asked for.
 *
 *   thread A ──▶ first to ask: makes it ──┐
 *   thread B ──▶ asks meanwhile: waits ───┼──▶ all get the same value
 *   thread C ──▶ asks later ──────────────┘
 *
 *   static Table *make_table (void);
 *
 *   PF_DEFINE_ONCE (static Table *, shared_table, make_table)
 *
 * defines `static Table *shared_table (void)`, for any thread. What MAKE did
 * happens before any call returns. MAKE must not ask for the same value.
 *
 * Threads: the value is shared, and lives as long as the process; so it is one
 * that never changes, or that many threads may use at once. It is owned by
 * nobody and never freed. A MAKE that can fail leaves what says so, as NULL: it
 * is not called again.
 */
#pragma once

#include <glib.h>
#include <uv.h>

#define PF_DEFINE_ONCE(type, name, make)                                       \
  static uv_once_t name##_once = UV_ONCE_INIT;                                 \
  static gpointer name##_value;                                                \
                                                                               \
  static void name##_make (void)                                               \
  {                                                                            \
    name##_value = make ();                                                    \
  }                                                                            \
                                                                               \
  type name (void)                                                             \
  {                                                                            \
    uv_once (&name##_once, name##_make);                                       \
    return name##_value;                                                       \
  }
