/* The sequencer, for the models that use one: it mirrors pf_sequencer_admit,
 * pf_sequencer_wait_turn, pf_sequencer_put with release_from, and
 * pf_sequencer_cancel of sequencer.c. Serials are below 8.
 */
#include "monitor.pml"

typedef Sequencer {
  byte turn;
  byte under_way;
  byte waiting; /* one bit for each serial that was put before its turn */
  bool cancelled;
  Cond has_room, turn_moved
}

#ifdef BROKEN_EARLIEST
#define may_begin(s, limit, serial) (s.under_way < limit)
#else
#define may_begin(s, limit, serial) (s.under_way < limit || s.turn == serial)
#endif

inline admit (s, limit, serial, who, admitted)
{
  do
  :: atomic {
       if
       :: s.cancelled ->
            admitted = false;
            break
       :: !s.cancelled && may_begin (s, limit, serial) ->
            s.under_way++;
            /* The earliest one may be more than there is room for. */
            assert (s.under_way <= limit + 1);
            admitted = true;
            break
       :: else -> fall_asleep (s.has_room, who)
       fi
     };
     stay_asleep (s.has_room, who)
  od
}

inline wait_turn (s, serial, who, is_turn)
{
  do
  :: atomic {
       if
       :: s.turn == serial || s.cancelled ->
            is_turn = (s.turn == serial);
            break
       :: else -> fall_asleep (s.turn_moved, who)
       fi
     };
     stay_asleep (s.turn_moved, who)
  od
}

/* RELEASE is an inline of one parameter, a serial; it may block. */
#define put(s, serial, releasing, RELEASE)                             \
  atomic {                                                             \
    assert (serial >= s.turn && s.under_way > 0);                      \
    if                                                                 \
    :: out_of_order (s, serial) ->                                     \
         s.waiting = s.waiting | BIT (serial);                         \
         releasing = false                                             \
    :: !out_of_order (s, serial) -> releasing = true                   \
    fi                                                                 \
  };                                                                   \
  do                                                                   \
  :: !releasing -> break                                               \
  :: releasing ->                                                      \
       RELEASE (s.turn);                                               \
       atomic {                                                        \
         move_turn (s);                                                \
         releasing = (s.waiting & BIT (s.turn)) != 0;                  \
         s.waiting = s.waiting & ~BIT (s.turn)                         \
       }                                                               \
  od

#ifdef BROKEN_ORDER
#define out_of_order(s, serial) false
#else
#define out_of_order(s, serial) (serial != s.turn)
#endif

inline move_turn (s)
{
  s.turn++;
  s.under_way--;
#ifdef BROKEN_SIGNAL
  signal (s.has_room);
#else
  broadcast (s.has_room);
#endif
  broadcast (s.turn_moved)
}

inline cancel (s)
{
  atomic {
    s.cancelled = true;
    broadcast (s.has_room);
#ifndef BROKEN_CANCEL
    broadcast (s.turn_moved)
#endif
  }
}
