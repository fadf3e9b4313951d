/* A model of channel.c: senders and receivers at a bounded channel.
 *
 * It mirrors wait_once, wait_for_room, wait_for_value with take_news, put, take,
 * unlock with must_wake, the two drops, and pf_receiver_wake. Each sender sends
 * its values, one at a time or in batches, waiting for ever or for some time,
 * and drops its handle; with LOOKING, it may give the lock up for a while, once,
 * before it waits, as look_for_change does, and so may a receiver. Each receiver receives until it is told that the
 * senders have gone, and may leave before. Who gives up the lock wakes one of
 * those whose predicate holds, unless one is on its way already; and signals
 * only afterwards, when others may have had the lock.
 *
 * Claimed, for every order of steps:
 *   - nobody waits for ever: every run ends with all handles dropped;
 *   - each value is received once, or kept by its sender, or destroyed, and
 *     never two of these; where no receiver leaves, none is destroyed;
 *   - the values of one sender come out in the order in which they went in;
 *   - the ring never holds more than there is room for;
 *   - as many calls are woken as was asked for;
 *   - with ENDLESS, values go on being received, whoever runs first, as long
 *     as each thread runs again and again.
 *
 * How it is searched, and how that must end:
 *
 *   run: holds -DCAPACITY=1
 *   run: holds -DCAPACITY=2
 *   run: holds -DCAPACITY=1 -DLEAVING
 *   run: holds -DCAPACITY=2 -DLEAVING -DSPURIOUS=0
 *   run: holds -DCAPACITY=1 -DTIMED -DLEAVING -DSPURIOUS=0
 *   run: holds -DCAPACITY=1 -DBATCH=2 -DLEAVING -DSPURIOUS=0
 *   run: holds -DCAPACITY=2 -DBATCH=2 -DVALUES=3
 *   run: holds -DCAPACITY=1 -DLOOKING -DSPURIOUS=0
 *   run: holds -DCAPACITY=1 -DLOOKING -DLEAVING -DVALUES=1
 *   run: holds -DCAPACITY=1 -DLOOKING -DTIMED -DVALUES=1
 *   run: holds -DCAPACITY=1 -DLOOKING -DWAKES=1 -DVALUES=1 -DSPURIOUS=0
 *   run: holds -DCAPACITY=1 -DWAKES=1 -DVALUES=1
 *   run: holds -DCAPACITY=1 -DWAKES=2 -DVALUES=1 -DSPURIOUS=0
 *   run: progress -DCAPACITY=1 -DENDLESS
 *   run: progress -DCAPACITY=2 -DENDLESS -DSPURIOUS=0
 *
 * Broken on purpose:
 *
 *   run: stuck -DCAPACITY=1 -DBROKEN_HANGUP      the last sender wakes nobody
 *   run: stuck -DCAPACITY=1 -DBROKEN_LEAVING -DLEAVING   nor the last receiver
 *   run: stuck -DCAPACITY=1 -DBROKEN_CHAIN       who is told tells no other
 *   run: stuck -DCAPACITY=1 -DBROKEN_WOKEN       one is on its way for ever
 *   run: stuck -DCAPACITY=1 -DBROKEN_COUNT       who waits is counted too late
 *   run: stuck -DCAPACITY=1 -DBROKEN_WAKE -DWAKES=2   a wake goes astray
 *   run: stuck -DCAPACITY=1 -DLOOKING -DBROKEN_LOOK   who has looked sleeps
 *   run: wrong -DCAPACITY=1 -DBROKEN_RECHECK     woken is taken for there is room
 *   run: wrong -DCAPACITY=2 -DBROKEN_REST -DLEAVING   what is left is forgotten
 *   run: no-progress -DCAPACITY=1 -DENDLESS -DBROKEN_COURTESY   after you
 */
#include "monitor.pml"

#ifndef SENDERS
#define SENDERS 2
#endif
#ifndef RECEIVERS
#define RECEIVERS 2
#endif
#ifndef VALUES
#define VALUES 2 /* of each sender */
#endif
#ifndef BATCH
#define BATCH 1
#endif
#ifndef WAKES
#define WAKES 0
#endif
#define HANDLES (SENDERS + (WAKES > 0))
#define ALL (SENDERS * VALUES)

typedef Waiters {
  Cond changed;
  byte n;
  bool woken
}

/* Under the lock. */
byte ring[CAPACITY];
byte first, n;
byte n_senders = HANDLES, n_receivers = RECEIVERS;
byte wakes;
Waiters senders, receivers;

/* For the claims. */
mtype = { NOWHERE, RECEIVED, KEPT, DESTROYED };
mtype fate[ALL] = NOWHERE;
byte next_of[SENDERS]; /* the least that may come out next, of each sender */
byte woken, ended;

#define may_send (n < CAPACITY || n_receivers == 0)
#define has_news (n > 0 || n_senders == 0 || wakes > 0)

inline settle (value, what)
{
#ifndef ENDLESS
  assert (fate[value] == NOWHERE);
  fate[value] = what
#else
  skip
#endif
}

inline must_wake (waiters, holds, answer)
{
  answer = waiters.n > 0 && !waiters.woken && (holds);
  waiters.woken = waiters.woken || answer
}

/* Gives up the lock: the last of an atomic step. */
inline unlock (wake_sender, wake_receiver)
{
  must_wake (senders, may_send, wake_sender);
  must_wake (receivers, has_news, wake_receiver)
}

inline signal_after (wake_sender, wake_receiver)
{
  if
  :: atomic { wake_sender -> signal (senders.changed); wake_sender = false }
  :: else
  fi;
  if
  :: atomic { wake_receiver -> signal (receivers.changed); wake_receiver = false }
  :: else
  fi
}

/* The last of an atomic step, as it gives up the lock. */
inline begin_wait (waiters, who)
{
#ifndef BROKEN_COUNT
  waiters.n++;
#endif
  waited = true;
  fall_asleep (waiters.changed, who)
}

/* The first of an atomic step, where the lock is taken again. */
inline end_wait (waiters)
{
  if
  :: waited ->
       waited = false;
       waiters.n--;
#ifndef BROKEN_WOKEN
       waiters.woken = false
#endif
  :: !waited
  fi
}

/* As much of a batch as there is room for. */
inline put ()
{
  assert (n < CAPACITY);
  k = BATCH;
  do
  :: k > 0 && sent < VALUES && n < CAPACITY ->
       ring[(first + n) % CAPACITY] = me * VALUES + sent;
       n++;
       sent++;
       k--
  :: else -> break
  od;
  k = 0
}

inline take ()
{
  assert (n > 0);
  value = ring[first];
  first = (first + 1) % CAPACITY;
  n--;
#ifndef ENDLESS
  assert (value % VALUES >= next_of[value / VALUES]);
  next_of[value / VALUES] = value % VALUES + 1;
#endif
  settle (value, RECEIVED);
  value = 0
}

/* Instead of waiting at once: HAS_LOOKED, and goes round again. */
#ifdef LOOKING
#define may_look !has_looked
#else
#define may_look false
#endif

inline keep_the_rest ()
{
  do
  :: sent < VALUES ->
       settle (me * VALUES + sent, KEPT);
       sent++
  :: else -> break
  od
}

inline drop_sender ()
{
  atomic {
    n_senders--;
    if
    :: n_senders > 0
    :: n_senders == 0 ->
#ifndef BROKEN_HANGUP
         unlock (wake_sender, wake_receiver)
#endif
    fi
  };
  signal_after (wake_sender, wake_receiver);
  ended++
}

proctype sender (byte me)
{
  byte sent, k;
  bool waited, has_looked, in_time = true, wake_sender, wake_receiver;

  do
  :: sent == VALUES ->
#ifdef ENDLESS
       sent = 0
#else
       break
#endif
  :: sent < VALUES ->
       atomic {
#ifdef BROKEN_RECHECK
         if
         :: waited && n_receivers > 0 -> assert (n < CAPACITY)
         :: else
         fi;
#endif
         end_wait (senders);
         if
         :: n_receivers == 0 ->
              keep_the_rest ();
              in_time = true;
              has_looked = false;
              unlock (wake_sender, wake_receiver)
         :: n_receivers > 0 && n < CAPACITY ->
              put ();
              in_time = true;
              has_looked = false;
              unlock (wake_sender, wake_receiver)
         :: n_receivers > 0 && n == CAPACITY && !in_time ->
              /* Too late: the value stays here, and the next one is tried. */
              settle (me * VALUES + sent, KEPT);
              sent++;
              in_time = true;
              has_looked = false;
              unlock (wake_sender, wake_receiver)
         :: may_look && !may_send && in_time ->
              has_looked = true;
              unlock (wake_sender, wake_receiver)
         :: !may_send && in_time -> begin_wait (senders, me)
         fi
       };
       if
       :: waited ->
#ifdef BROKEN_COUNT
            senders.n++;
#endif
#ifdef TIMED
            stay_asleep_within (senders.changed, me, in_time)
#else
            stay_asleep (senders.changed, me)
#endif
       :: !waited -> signal_after (wake_sender, wake_receiver)
       fi
  od;
  drop_sender ()
}

inline destroy_the_rest ()
{
#ifndef BROKEN_REST
  do
  :: n > 0 ->
       settle (ring[first], DESTROYED);
       first = (first + 1) % CAPACITY;
       n--
  :: else -> break
  od;
#endif
  n = 0
}

proctype receiver (byte me)
{
  byte value;
  bool waited, has_looked, over, got, wake_sender, wake_receiver;

  do
  :: over -> break
#ifdef LEAVING
  :: !over && !waited -> over = true
#endif
  :: !over ->
       atomic {
#ifdef BROKEN_COURTESY
         if
         :: waited && n > 0 && receivers.n > 1 ->
              broadcast (receivers.changed);
              fall_asleep (receivers.changed, SENDERS + me);
              goto asleep
         :: else
         fi;
#endif
#ifdef BROKEN_LOOK
         if
         :: has_looked ->
              has_looked = false;
              begin_wait (receivers, SENDERS + me);
              goto asleep
         :: else
         fi;
#endif
         end_wait (receivers);
         if
         :: n > 0 ->
              take ();
              got = true;
              has_looked = false;
              unlock (wake_sender, wake_receiver)
         :: n == 0 && n_senders == 0 ->
              over = true;
#ifndef BROKEN_CHAIN
              unlock (wake_sender, wake_receiver)
#endif
         :: n == 0 && n_senders > 0 && wakes > 0 ->
              wakes--;
              woken++;
              has_looked = false;
              unlock (wake_sender, wake_receiver)
         :: may_look && !has_news ->
              has_looked = true;
              unlock (wake_sender, wake_receiver)
         :: !has_news -> begin_wait (receivers, SENDERS + me)
         fi
       };
       if
       :: waited ->
#ifdef BROKEN_COUNT
            receivers.n++;
#endif
asleep:
            stay_asleep (receivers.changed, SENDERS + me)
       :: !waited -> signal_after (wake_sender, wake_receiver)
       fi;
       if
       :: got ->
progress:
            got = false
       :: !got
       fi
  od;
  atomic {
    n_receivers--;
    if
    :: n_receivers > 0
    :: n_receivers == 0 ->
         destroy_the_rest ();
#ifndef BROKEN_LEAVING
         unlock (wake_sender, wake_receiver)
#endif
    fi
  };
  signal_after (wake_sender, wake_receiver);
  ended++
}

#if WAKES > 0
/* Holds a sender, so that nobody is told of a hang-up before as many have been
 * woken as was asked for. */
proctype waker ()
{
  bool wake_sender, wake_receiver;

  atomic {
    wakes = (wakes + WAKES <= n_receivers -> wakes + WAKES : n_receivers);
#ifdef BROKEN_WAKE
    wakes--;
#endif
    unlock (wake_sender, wake_receiver)
  };
  signal_after (wake_sender, wake_receiver);
  woken == WAKES;
  drop_sender ()
}
#endif

init
{
  byte i;

  atomic {
    for (i : 0 .. SENDERS - 1) {
      run sender (i)
    }
    for (i : 0 .. RECEIVERS - 1) {
      run receiver (i)
    }
#if WAKES > 0
    run waker ()
#endif
  };
  atomic {
    ended == HANDLES + RECEIVERS;
    assert (n == 0 && senders.n == 0 && receivers.n == 0);
    for (i : 0 .. ALL - 1) {
      assert (fate[i] != NOWHERE);
#if !defined(LEAVING) && !defined(TIMED)
      assert (fate[i] == RECEIVED)
#elif !defined(LEAVING)
      assert (fate[i] != DESTROYED)
#endif
    }
  }
}
