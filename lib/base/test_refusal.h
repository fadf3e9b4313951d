/* For tests: a system that refuses threads. A test program includes this in one
 * file.
 *
 *   pf_test_refuse_at = 3;   the first two are had, the third is refused, and
 *                            all that come later are had again
 */
#pragma once

#include <glib.h>
#include <uv.h>

/* The thread that is refused, counted from here on; 0: none is. */
static guint pf_test_refuse_at;

/* Stands in for libuv's own. */
int
uv_thread_create (uv_thread_t *thread, uv_thread_cb entry, void *arg)
{
  uv_thread_options_t options = { .flags = UV_THREAD_NO_FLAGS };

  if (pf_test_refuse_at > 0 && --pf_test_refuse_at == 0)
    return UV_EAGAIN;
  return uv_thread_create_ex (thread, &options, entry, arg);
}
