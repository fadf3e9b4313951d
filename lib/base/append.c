#include "base/append.h"

/* Two digits at a time, so that there is one division for both. */
static const char pairs[200] = "00010203040506070809"
                               "10111213141516171819"
                               "20212223242526272829"
                               "30313233343536373839"
                               "40414243444546474849"
                               "50515253545556575859"
                               "60616263646566676869"
                               "70717273747576777879"
                               "80818283848586878889"
                               "90919293949596979899";

void
pf_append_grow (GString *out, gsize len)
{
  gsize old = out->len;

  g_string_set_size (out, old + len);
  g_string_truncate (out, old);
}

char *
pf_put_number (char *to, guint64 n)
{
  char digits[PF_NUMBER_MAX];
  gsize at = sizeof digits;

  for (; n >= 100; n /= 100)
    memcpy (digits + (at -= 2), pairs + n % 100 * 2, 2);
  if (n >= 10)
    memcpy (digits + (at -= 2), pairs + n * 2, 2);
  else
    digits[--at] = (char)('0' + n);
  memcpy (to, digits + at, sizeof digits - at);
  return to + (sizeof digits - at);
}
