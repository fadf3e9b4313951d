/* The sequencer, for the models that use one: it mirrors pf_sequencer_admit,
 * pf_sequencer_wait_turn, pf_sequencer_put with release_from,
 * pf_sequencer_end_after, pf_sequencer_cancel and pf_sequencer_fail of
 * sequencer.c. With POISONING, one of those who put what must wait fails
 * instead: the guard is poisoned, and who would be told of it by an error has
 * TOLD set, a variable of the caller's. Serials are below 8.
 */
#include "monitor.pml"

typedef Sequencer
{
  byte turn;
  byte under_way;
  byte asking;  /* one bit for each serial that waits for admission */
  byte waiting; /* one bit for each serial that was put before its turn */
  byte cutoff;  /* 0, or one more than the last serial that counts */
  bool cancelled;
  bool poisoned;
  Cond let_in, turn_moved
}

#ifdef POISONING
#define may_poison true
#define is_told(s) told = told || s.poisoned
#else
#define may_poison false
#define is_told(s) skip
#endif

/* The guard's wake. */
inline wake_all (s)
{
  broadcast (s.let_in);
  broadcast (s.turn_moved)
}

#define is_past(s, serial) (s.cutoff > 0 && serial >= s.cutoff)

/* Whether no earlier serial asks. */
#define comes_first(s, serial) ((s.asking & (BIT (serial) - 1)) == 0)
#define has_room(s, limit, serial)                                             \
  (s.under_way < limit && comes_first (s, serial))

#ifdef BROKEN_EARLIEST
#define may_begin(s, limit, serial) has_room (s, limit, serial)
#else
#define may_begin(s, limit, serial)                                            \
  (has_room (s, limit, serial) || s.turn == serial || is_past (s, serial))
#endif

inline step_out (s, serial)
{
  s.asking = s.asking & ~BIT (serial);
  broadcast (s.let_in)
}

inline admit (s, limit, serial, who, admitted)
{
  do
    ::atomic
    {
      s.asking = s.asking | BIT (serial);
      if
        ::s.cancelled || s.poisoned->is_told (s);
      step_out (s, serial);
      admitted = false;
      break ::!s.cancelled && !s.poisoned &&
          may_begin (s, limit, serial)->s.under_way++;
      /* The earliest one may be more than there is room for; and what is
       * dropped needs none. */
      assert (s.under_way <= limit + 1 || s.cutoff > 0);
      step_out (s, serial);
      admitted = true;
      break ::else->fall_asleep (s.let_in, who) fi
    };
  stay_asleep (s.let_in, who) od
}

#ifdef BROKEN_END
#define is_over_for(s, serial) (s.turn == serial || s.cancelled)
#else
#define is_over_for(s, serial)                                                 \
  (s.turn == serial || s.cancelled || is_past (s, serial))
#endif

inline wait_turn (s, serial, who, is_turn)
{
  do
    ::atomic
    {
      if
        ::s.poisoned || is_over_for (s, serial)->is_turn =
            (!s.poisoned && s.turn == serial && !is_past (s, serial));
      break ::else->fall_asleep (s.turn_moved, who) fi
    };
  stay_asleep (s.turn_moved, who) od
}

/* Under the lock. */
inline poison (s)
{
  s.poisoned = true;
#ifndef BROKEN_POISON
  wake_all (s)
#endif
}

/* RELEASE is an inline of one parameter, a serial; it may block. */
#define put(s, serial, releasing, RELEASE)                                     \
  atomic                                                                       \
  {                                                                            \
    assert (s.poisoned || (serial >= s.turn && s.under_way > 0));              \
    if                                                                         \
      ::s.poisoned->is_told (s);                                               \
    releasing = false ::!s.poisoned && is_past (s, serial)->s.under_way--;     \
    broadcast (s.let_in);                                                      \
    releasing = false ::!s.poisoned && !is_past (s, serial) &&                 \
                out_of_order (s, serial)->s.waiting =                          \
                    s.waiting | BIT (serial);                                  \
    releasing = false ::may_poison && !s.poisoned && !is_past (s, serial) &&   \
                out_of_order (s, serial)->poison (s);                          \
    is_told (s);                                                               \
    releasing = false ::!s.poisoned && !is_past (s, serial) &&                 \
                !out_of_order (s, serial)->releasing = true fi                 \
  };                                                                           \
  do                                                                           \
    ::!releasing->break ::releasing->RELEASE (s.turn);                         \
  atomic                                                                       \
  {                                                                            \
    if                                                                         \
      ::s.poisoned->is_told (s);                                               \
    releasing = false ::!s.poisoned->move_turn (s);                            \
    releasing = (s.waiting & BIT (s.turn)) != 0;                               \
    s.waiting = s.waiting & ~BIT (s.turn) fi                                   \
  }                                                                            \
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
  signal (s.let_in);
#else
  broadcast (s.let_in);
#endif
  broadcast (s.turn_moved)
}

/* I is a variable of the caller's, and 0. */
inline end_after (s, serial, i)
{
  atomic
  {
    assert (serial >= s.turn);
#ifdef BROKEN_LOWEST
    s.cutoff = serial + 1;
#else
    s.cutoff = (is_past (s, serial)->s.cutoff : serial + 1);
#endif
    i = s.cutoff;
    do
      ::i < 8->s.under_way = s.under_way - ((s.waiting & BIT (i)) != 0);
    s.waiting = s.waiting & ~BIT (i);
    i++ ::else->break od;
    i = 0;
    wake_all (s)
  }
}

inline cancel (s)
{
  atomic
  {
    s.cancelled = true;
    broadcast (s.let_in);
#ifndef BROKEN_CANCEL
    broadcast (s.turn_moved)
#endif
  }
}
