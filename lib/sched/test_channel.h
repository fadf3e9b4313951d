/* For the tests of the channel: values that are numbers, and both ends in one.
 */
#pragma once

#include "sched/channel.h"

/* Values are numbers plus one, since none may be NULL. */
static inline gpointer
value_of (guint n)
{
  return GUINT_TO_POINTER (n + 1);
}

static inline guint
number_of (gpointer value)
{
  return GPOINTER_TO_UINT (value) - 1;
}

/* Both ends, of one reference each. */
typedef struct {
  PfSender *in;
  PfReceiver *out;
} Link;

static inline Link
new_link (gsize capacity, GDestroyNotify destroy)
{
  Link link;

  pf_channel_new (capacity, destroy, &link.in, &link.out);
  return link;
}

static inline void
drop_link (Link *link)
{
  pf_sender_drop (link->in);
  pf_receiver_drop (link->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Link, drop_link)

static inline void
put (const Link *link, guint n)
{
  g_assert_cmpint (pf_sender_send (link->in, value_of (n)), ==, PF_CHANNEL_OK);
}

static inline guint
get (const Link *link)
{
  gpointer value;

  g_assert_cmpint (pf_receiver_receive (link->out, &value), ==, PF_CHANNEL_OK);
  return number_of (value);
}
