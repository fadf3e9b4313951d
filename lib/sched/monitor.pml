/* What all models here share: locks and condition variables.
 *
 * A stretch of C that holds the lock is one atomic step: nobody else sees what
 * the lock guards before it is given up. Waiting for a condition is two steps,
 * fall_asleep as the last of the stretch that gives up the lock, stay_asleep
 * behind it; then the condition is looked at anew.
 *
 * As POSIX has it: a signal wakes any one of those asleep, and is lost where
 * nobody is; who is woken gets the lock at any later time, after whoever else
 * comes first; and a wait may end for no reason. The last happens SPURIOUS
 * times at most, at any places, since a model in which it never stops could not
 * get stuck.
 *
 * Who may sleep has a number below 8.
 */
#ifndef SPURIOUS
#define SPURIOUS 1
#endif

byte spurious = SPURIOUS;

typedef Cond {
  byte asleep /* one bit for each who sleeps */
}

#define BIT(who) (1 << (who))
#define is_asleep(cond, who) ((cond.asleep & BIT (who)) != 0)

inline fall_asleep (cond, who)
{
  cond.asleep = cond.asleep | BIT (who)
}

inline stay_asleep (cond, who)
{
  if
  :: !is_asleep (cond, who)
  :: atomic {
       is_asleep (cond, who) && spurious > 0 ->
         spurious--;
         cond.asleep = cond.asleep & ~BIT (who)
     }
  fi
}

/* The same where the wait may end because its time is over. */
inline stay_asleep_within (cond, who, in_time)
{
  if
  :: !is_asleep (cond, who)
  :: atomic {
       is_asleep (cond, who) ->
         cond.asleep = cond.asleep & ~BIT (who);
         in_time = false
     }
  fi
}

inline signal (cond)
{
  if
  :: cond.asleep == 0
  :: is_asleep (cond, 0) -> cond.asleep = cond.asleep & ~BIT (0)
  :: is_asleep (cond, 1) -> cond.asleep = cond.asleep & ~BIT (1)
  :: is_asleep (cond, 2) -> cond.asleep = cond.asleep & ~BIT (2)
  :: is_asleep (cond, 3) -> cond.asleep = cond.asleep & ~BIT (3)
  :: is_asleep (cond, 4) -> cond.asleep = cond.asleep & ~BIT (4)
  :: is_asleep (cond, 5) -> cond.asleep = cond.asleep & ~BIT (5)
  :: is_asleep (cond, 6) -> cond.asleep = cond.asleep & ~BIT (6)
  :: is_asleep (cond, 7) -> cond.asleep = cond.asleep & ~BIT (7)
  fi
}

inline broadcast (cond)
{
  cond.asleep = 0
}
